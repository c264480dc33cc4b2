"""The same model in other people's libraries, each as well as we know how to use it. One file a library."""
