# Writes tests/reference: what metafor says of data sets of metadat, one file each.
# Run from anywhere: Rscript validation/reference/generate.R [folder]

suppressPackageStartupMessages({ library(metafor); library(jsonlite) })
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1]))
source(file.path(here, "cases.R"))
asked <- commandArgs(TRUE)
target <- if (length(asked)) asked[1] else file.path(here, "..", "..", "tests", "reference")

COUNTS <- c("ai", "bi", "ci", "di")
MEANS <- c("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")

write_file <- function(name, note, data, effects, cases) {
  content <- list(schema = "oracle/1", dataset = name, note = note,
                  software = list(R = paste(R.version$major, R.version$minor, sep = "."), metafor = as.character(packageVersion("metafor")),
                                  metadat = as.character(packageVersion("metadat"))),
                  data = data, effects = effects, cases = cases)
  text <- toJSON(content, dataframe = "columns", auto_unbox = TRUE, digits = I(17), na = "null", null = "null", pretty = FALSE, always_decimal = FALSE)
  # A line for each case, so that a change can be read.
  writeLines(gsub('{"id":', '\n{"id":', text, fixed = TRUE), file.path(target, paste0(name, ".json")))
}

effects_of <- function(measures, columns, data, options = list(list()))
  setNames(lapply(measures, measured, columns = columns, data = data), measures)

complete <- function(effect) {
  es <- data.frame(yi = unclass(effect$yi), vi = unclass(effect$vi))
  es[stats::complete.cases(es), ]
}

pooled_cases <- function(name, effect) {
  es <- complete(effect)
  c(uni_cases(name, es), confint_cases(name, es), refit_cases(name, es), asymmetry_cases(name, es))
}

counted <- function(name, note, data, columns, pooled = c("OR", "RR")) {
  measures <- c("OR", "RR", "RD", "PETO")
  data <- data[unlist(columns)]
  effects <- effects_of(measures, columns, data)
  cases <- c(unlist(lapply(pooled, function(one) pooled_cases(one, effects[[one]])), recursive = FALSE), table_cases(columns, data))
  write_file(name, note, data, effects, cases)
}

# Counts: 22 trials of intravenous magnesium (Li et al. 2007), and 9 of diuretics (Collins et al. 1985).
li <- dat.li2007
counted("dat.li2007", "Li, Zhang, Zhang & Egger 2007", li, list(ai = "ai", n1i = "n1i", ci = "ci", n2i = "n2i"))
collins <- dat.collins1985b
counted("dat.collins1985b", "Collins, Yusuf & Peto 1985: pre-eclampsia", collins,
        list(ai = "pre.xti", n1i = "pre.nti", ci = "pre.xci", n2i = "pre.nci"), pooled = "OR")
lee <- dat.lee2004
counted("dat.lee2004", "Lee & Done 2004", lee, list(ai = "ai", n1i = "n1i", ci = "ci", n2i = "n2i"), pooled = "RR")

# Means: 9 trials of length of stay (Normand 1999 is elsewhere): Gibson et al. 2002, asthma self-management.
gibson <- subset(dat.gibson2002, !is.na(m1i) & !is.na(sd1i) & !is.na(m2i) & !is.na(sd2i))
columns <- setNames(as.list(MEANS), MEANS)
effects <- effects_of(c("SMD", "SMDH", "MD", "ROM"), columns, gibson)
write_file("dat.gibson2002", "Gibson et al. 2002, outcomes with means", gibson[MEANS], effects,
           c(pooled_cases("SMD", effects$SMD), pooled_cases("MD", effects$MD)))

# Given effects, with a moderator: Viechtbauer 2021's example is elsewhere; Lehmann et al. 2018, red and attraction.
lehmann <- dat.lehmann2018
keep <- is.finite(lehmann$yi) & is.finite(lehmann$vi)
lehmann <- data.frame(yi = lehmann$yi[keep], vi = lehmann$vi[keep], since2000 = lehmann$Year[keep] - 2000, design = as.character(lehmann$Design[keep]))
effects <- list(gen = list(measure = "GEN", columns = list(yi = "yi", vi = "vi"), options = list(), yi = column(lehmann$yi),
                           vi = column(lehmann$vi), slab = column(as.character(seq_len(nrow(lehmann))))))
write_file("dat.lehmann2018", "Lehmann, Elliot & Calin-Jageman 2018", lehmann, effects,
           c(pooled_cases("gen", effects$gen), regression_cases("gen", lehmann, ~ since2000, "since2000", lehmann),
             regression_cases("gen", lehmann, ~ design, "design", lehmann)))
