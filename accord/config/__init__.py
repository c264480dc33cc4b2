"""Composition: settings, routes and their policies, the worker, the demo. The only place that knows everything."""
