#!/bin/sh
# Installs R's lme4 for the fifth bar, where that is possible without asking a person for anything.
# Never fails: the benchmark says plainly that lme4 did not run.
command -v Rscript >/dev/null 2>&1 && Rscript -e 'library(lme4)' >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the benchmark: r-cran-lme4"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends r-cran-lme4; } >/dev/null 2>&1 ||
        echo "Could not install r-cran-lme4. The benchmark will say that lme4 did not run."
else
    echo "Not installed: R's lme4, which the fifth bar is held against; to have it: sudo apt-get install r-cran-lme4"
fi
exit 0
