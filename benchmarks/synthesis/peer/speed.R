# Time metafor: arguments are a CSV of sets (set, yi, vi), the repetitions, and where to write the JSON.
# For each set: CPU milliseconds of rma(), and of rma() with predict() and confint(), after warming calls.
suppressMessages(library(metafor))
asked <- commandArgs(TRUE)
rows <- read.csv(asked[1])
spent <- function(times, call) {
  # Warm, as the others are: a process that just began is slow.
  begun <- proc.time()[["user.self"]]
  call()
  while (proc.time()[["user.self"]] - begun < 0.2) call()
  gc(FALSE)
  before <- proc.time()
  for (i in seq_len(times)) call()
  used <- proc.time() - before
  1000 * (used[["user.self"]] + used[["sys.self"]]) / times
}
sets <- split(rows, rows$set)
rma(sets[[1]]$yi, sets[[1]]$vi)
times <- as.integer(asked[2])
figures <- sapply(sets, function(one) {
  often <- max(1, times %/% max(1, nrow(one) %/% 100))
  fit <- function() rma(one$yi, one$vi)
  full <- function() { it <- rma(one$yi, one$vi); predict(it); confint(it) }
  c(nrow(one), spent(often, fit), spent(often, full))
})
row <- function(numbers) paste0("[", paste(format(numbers, digits = 8), collapse = ","), "]")
version <- as.character(packageVersion("metafor"))
writeLines(sprintf('{"version":"%s","r":"%s","k":%s,"fit":%s,"full":%s}', version,
  as.character(getRversion()), row(figures[1, ]), row(figures[2, ]), row(figures[3, ])), asked[3])
