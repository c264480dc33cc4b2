# One pillar's linear growth model: a straight line a pair, random intercept and slope. Arguments: a file of little-endian
# doubles (pair, months, rating for each row), the number of rows. Prints what benchmarks/peers/lme4.py reads.
suppressPackageStartupMessages(library(lme4))
given <- commandArgs(trailingOnly = TRUE)
rows <- as.integer(given[2])
table <- matrix(readBin(given[1], "double", 3 * rows, endian = "little"), ncol = 3, byrow = TRUE)
table <- data.frame(pair = factor(table[, 1]), months = table[, 2], rating = table[, 3])
taken <- system.time(found <- lmer(rating ~ months + (months | pair), table, REML = FALSE))
# Its own guide for large tables: leave out the check of the gradient at the end.
quick <- lmerControl(calc.derivs = FALSE)
unchecked <- system.time(lmer(rating ~ months + (months | pair), table, REML = FALSE, control = quick))[["elapsed"]]
words <- found@optinfo$conv$lme4$messages
cat("version", as.character(packageVersion("lme4")), "\n")
cat("seconds", taken[["elapsed"]], "\n")
cat("processor", taken[["user.self"]] + taken[["sys.self"]], "\n")
cat("unchecked", unchecked, "\n")
cat("intercept", fixef(found)[["(Intercept)"]], "\n")
cat("loglik", as.numeric(logLik(found)), "\n")
cat("converged", if (is.null(words)) "yes" else paste(words, collapse = "; "), "\n")
