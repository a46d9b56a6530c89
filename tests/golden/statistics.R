# A second calculation of what the report states, in another language and with other programs.
#
#   python tests/golden/export_ratings.py > ratings.csv
#   Rscript tests/golden/statistics.R ratings.csv > tests/golden/statistics.csv
#
# It wants R with the packages coin and survey (Debian: r-base-core, r-cran-coin, r-cran-survey). Columns: what, where
# (cycle, framework, outcome, level, separated by /), value. tests/test_golden.py compares.
suppressMessages({ library(coin); library(survey) })
options(digits = 15)
data <- read.csv(commandArgs(trailingOnly = TRUE)[1])
NEIGHBOURS <- c(Powys = "Hywel Dda")
LEVELS <- list("Pre-foundation" = 1, "Developing+Mature" = 3:4, "Mature" = 4)
rows <- list()
tell <- function(what, where, value) {
  rows[[length(rows) + 1]] <<- data.frame(what = what, where = paste(where, collapse = "/"), value = value)
}

# Exact limits in whole clusters: Blaker's acceptability of every possible total.
blaker <- function(k, n, N) {
  accepted <- Filter(function(K) {
    x <- 0:n
    chance <- dhyper(x, K, N - K, n)
    below <- cumsum(chance); above <- rev(cumsum(rev(chance)))
    tail <- min(below[k + 1], above[k + 1])
    other <- if (below[k + 1] <= above[k + 1]) above else below
    min(1, tail + max(c(0, other[other <= tail * (1 + 1e-9)]))) > 0.05 * (1 + 1e-9)
  }, k:(k + N - n))
  c(min(accepted), max(accepted))
}
for (n in c(30, 46, 53, 59, 60)) for (k in 0:n) {
  limits <- blaker(k, n, 60)
  tell("low_clusters", c(k, n), limits[1]); tell("high_clusters", c(k, n), limits[2])
}

# The same clusters: each one's own share, over the outcomes that it rated in both cycles.
rated <- data[!is.na(data$score), ]
both <- merge(rated[rated$cycle == "2023-24", ], rated[rated$cycle == "2024-25", ],
              by = c("cluster", "framework", "outcome"))
worth <- function(score, level) if (level == "mean") score else as.numeric(score %in% LEVELS[[level]])
signed <- function(before, after) {
  if (all(before == after)) return(NA)
  # coin takes differences for ties where they are equal as numbers.
  change <- round(after - before, 9)
  as.numeric(pvalue(wilcoxsign_test(change ~ rep(0, length(change)), zero.method = "Pratt", distribution = "exact")))
}
set.seed(2025)
families <- list()
for (framework in c("PCMW", "ACD")) for (level in c(names(LEVELS), "mean")) {
  of <- both[both$framework == framework, ]
  of$before <- worth(of$score.x, level); of$after <- worth(of$score.y, level)
  shares <- aggregate(cbind(before, after) ~ cluster, of, mean)
  where <- c(framework, "all", level)
  tell("clusters", where, nrow(shares))
  tell("previous", where, mean(shares$before)); tell("current", where, mean(shares$after))
  change <- shares$after - shares$before
  drawn <- replicate(1e5, mean(sample(change, replace = TRUE)))
  tell("low", where, quantile(drawn, 0.025)); tell("high", where, quantile(drawn, 0.975))
  families[[paste("all", level)]] <- rbind(families[[paste("all", level)]],
    data.frame(where = paste(where, collapse = "/"), p = signed(shares$before, shares$after)))
  for (outcome in sort(unique(of$outcome))) {
    one <- of[of$outcome == outcome, ]
    where <- c(framework, outcome, level)
    tell("clusters", where, nrow(one)); tell("change", where, mean(one$after) - mean(one$before))
    families[[paste("each", level)]] <- rbind(families[[paste("each", level)]],
      data.frame(where = paste(where, collapse = "/"), p = signed(one$before, one$after)))
  }
}
for (family in families) {
  adjusted <- p.adjust(ifelse(is.na(family$p), 1, family$p), "holm")
  for (i in which(!is.na(family$p))) { tell("p", family$where[i], family$p[i]); tell("p_holm", family$where[i], adjusted[i]) }
}

# Weighted to the register by health board.
for (cycle in c("2023-24", "2024-25")) {
  register <- unique(data[data$cycle == cycle, c("cluster", "health_board")])
  given <- rated[rated$cycle == cycle, ]
  cell <- function(board) ifelse(board %in% given$health_board, board, NEIGHBOURS[board])
  register$cell <- cell(register$health_board)
  for (framework in c("PCMW", "ACD")) for (outcome in sort(unique(given$outcome[given$framework == framework]))) {
    of <- given[given$framework == framework & given$outcome == outcome, ]
    of$cell <- cell(of$health_board); of$higher <- as.numeric(of$score >= 3)
    design <- postStratify(svydesign(ids = ~1, data = of, weights = ~rep(1, nrow(of))), ~cell,
                           setNames(as.data.frame(table(register$cell)), c("cell", "Freq")))
    tell("weighted", c(cycle, framework, outcome), as.numeric(svymean(~higher, design)))
  }
}

# Who responded: the exact test, and the counts that bound how many answered twice.
counts <- sapply(c("2023-24", "2024-25"), function(cycle) {
  answered <- unique(rated[rated$cycle == cycle, c("cluster", "health_board")])
  table(factor(answered$health_board, sort(unique(data$health_board))))
})
register <- unique(data[data$cycle == "2024-25", c("cluster", "health_board")])
sizes <- table(register$health_board)
for (cycle in colnames(counts))
  tell("fisher", cycle, fisher.test(rbind(counts[, cycle], sizes - counts[, cycle]), workspace = 2e7)$p.value)
least <- pmax(0, rowSums(counts) - sizes); most <- apply(counts, 1, min)
tell("both_least", "Wales", sum(least)); tell("both_most", "Wales", sum(most))
for (framework in c("PCMW", "ACD")) for (outcome in sort(unique(rated$outcome[rated$framework == framework]))) {
  of <- lapply(colnames(counts), function(cycle)
    rated$score[rated$cycle == cycle & rated$framework == framework & rated$outcome == outcome])
  left <- sum(counts[, 1] - least) + sum(counts[, 2]) - length(of[[2]])
  joined <- sum(counts[, 2] - least) + sum(counts[, 1]) - length(of[[1]])
  where <- c(framework, outcome)
  tell("left Pre-foundation", where, max(0, sum(of[[1]] == 1) - sum(of[[2]] == 1) - left))
  risen <- sum(of[[2]] >= 3) - sum(of[[1]] >= 3)
  tell("rose to Developing+Mature", where, max(0, risen - joined))
  tell("fell from Developing+Mature", where, max(0, -risen - left))
}

# Deprivation: tau-b, and the difference between the outermost fifths, of each outcome and of mean scores.
now <- rated[rated$cycle == "2024-25", ]
means <- aggregate(score ~ cluster + framework + deprivation_fifth, now, mean)
means$outcome <- "mean"
now <- rbind(now[, names(means)], means)
for (key in split(now, paste(now$framework, now$outcome), drop = TRUE)) {
  where <- c(key$framework[1], key$outcome[1])
  test <- suppressWarnings(cor.test(key$deprivation_fifth, key$score, method = "kendall", exact = FALSE))
  tell("tau_b", where, as.numeric(test$estimate)); tell("tau_p", where, test$p.value)
  least <- key$score[key$deprivation_fifth == 5]; most <- key$score[key$deprivation_fifth == 1]
  interval <- t.test(least, most)$conf.int
  tell("difference_low", where, interval[1]); tell("difference_high", where, interval[2])
  tell("p_equivalence", where, max(t.test(least, most, mu = 0.5, alternative = "less")$p.value,
                                   t.test(least, most, mu = -0.5, alternative = "greater")$p.value))
}

# Places: silent clusters drawn from the others.
wide <- reshape(rated[rated$cycle == "2024-25" & rated$framework == "PCMW", c("cluster", "outcome", "score")],
                idvar = "cluster", timevar = "outcome", direction = "wide")[, -1]
higher <- as.matrix(wide) >= 3
drawn <- replicate(4e4, {
  shares <- colMeans(rbind(higher, higher[sample(nrow(higher), 60 - nrow(higher), replace = TRUE), ]))
  round(shares, 12) == max(round(shares, 12))
})
chances <- rowMeans(drawn)
for (name in names(chances)) tell("chance_highest", c("PCMW", sub("score.", "", name)), chances[[name]])

write.csv(do.call(rbind, rows), stdout(), row.names = FALSE, quote = FALSE)
