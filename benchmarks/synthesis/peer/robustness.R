# Fit each set by metafor's default REML. Arguments: a CSV of sets (set, yi, vi), and where to write the JSON.
# tau2 is null where rma() stopped with an error; "warned" counts fits with a warning.
suppressMessages(library(metafor))
asked <- commandArgs(TRUE)
rows <- read.csv(asked[1])
warned <- 0
errors <- character()
tau2 <- vapply(split(rows, rows$set), function(one) {
  yi <- one$yi
  vi <- one$vi
  tryCatch(
    withCallingHandlers(rma(yi, vi)$tau2, warning = function(w) {
      warned <<- warned + 1
      invokeRestart("muffleWarning")
    }),
    error = function(e) {
      errors <<- c(errors, conditionMessage(e))
      NA_real_
    }
  )
}, numeric(1))
numbers <- ifelse(is.na(tau2), "null", sprintf("%.17g", tau2))
said <- if (length(errors)) gsub("[\"\n\\\\]", " ", errors[1]) else ""
writeLines(sprintf('{"version":"%s","warned":%d,"said":"%s","tau2":[%s]}',
  as.character(packageVersion("metafor")), warned, said, paste(numbers, collapse = ",")), asked[2])
