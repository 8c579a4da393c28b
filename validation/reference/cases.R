# One function for each kind of case: what metafor returns, under the names that the tests compare.
# Fits run with tight tolerances, so that its answers are good to all the digits that are compared.

tight <- list(threshold = 1e-13, tol = 1e-13, maxiter = 10000, stepadj = 0.5, tau2.max = 1e4)
METHODS <- c("EE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM")
LEVELS <- c(90, 95, 99)

# JSON tells a list of names from a list of values only where it is not empty.
named <- function(x) if (length(x)) x else setNames(list(), character(0))

case <- function(id, kind, input, options, call, expected)
  list(id = id, kind = kind, input = input, options = named(options), call = call, expected = expected)

# A missing number is null; a vector stays a list in JSON even where it has one entry.
column <- function(x) if (is.null(x)) NULL else I(unname(as.vector(x)))
one <- function(x) if (is.null(x) || length(x) == 0 || is.na(x[1])) NA else unname(as.vector(x))[1]

fit <- function(es, method = "REML", test = "z", level = 95, ...) {
  rma(yi, vi, data = es, method = method, test = test, level = level, control = tight, ...)
}

pooled <- function(res) {
  out <- list(
    k = res$k, coef = column(coef(res)), se = column(res$se), stat = column(res$zval), pval = column(res$pval),
    ci_lb = column(res$ci.lb), ci_ub = column(res$ci.ub), tau2 = res$tau2, I2 = res$I2, H2 = res$H2,
    QE = res$QE, QE_p = res$QEp, weights_pct = column(weights(res))
  )
  if (!is.null(res$se.tau2) && !is.na(res$se.tau2)) out$se_tau2 <- res$se.tau2
  out
}

prediction <- function(res) {
  pi <- predict(res)
  free <- function(df) qt(0.975, df) * sqrt(res$tau2 + res$se^2)
  b <- as.vector(coef(res))
  list(
    pi_lb = pi$pi.lb, pi_ub = pi$pi.ub, pi_lb_t_km1 = b - free(res$k - 1), pi_ub_t_km1 = b + free(res$k - 1),
    pi_lb_t_km2 = b - free(res$k - 2), pi_ub_t_km2 = b + free(res$k - 2)
  )
}

uni_cases <- function(name, es) {
  out <- list()
  for (method in METHODS) for (test in c("z", "knha", "adhoc")) {
    if (method == "EE" && test != "z") next
    res <- fit(es, method, test)
    expected <- c(pooled(res), if (method != "EE") prediction(res))
    out[[length(out) + 1]] <- case(
      paste(name, method, test, sep = "/"), "rma.uni", list(effects = name),
      list(method = method, test = test, level = 95), sprintf("rma(yi, vi, method='%s', test='%s')", method, test), expected
    )
  }
  for (level in LEVELS) {
    res <- fit(es, "REML", "knha", level)
    out[[length(out) + 1]] <- case(
      paste0(name, "/REML/level", level), "rma.uni", list(effects = name),
      list(method = "REML", test = "knha", level = level), sprintf("rma(yi, vi, test='knha', level=%d)", level), pooled(res)
    )
  }
  out
}

confint_cases <- function(name, es) {
  types <- list(c("DL", "QP"), c("REML", "QP"), c("ML", "PL"), c("REML", "PL"))
  lapply(types, function(one) {
    res <- fit(es, one[1])
    bounds <- confint(res, type = one[2], control = list(tol = 1e-12, tau2.max = 1e4))$random[1, ]
    case(
      sprintf("%s/%s/confint-%s", name, one[1], one[2]), "confint", list(effects = name),
      list(method = one[1], type = one[2], level = 95), sprintf("confint(res, type='%s')", one[2]), list(tau2 = column(bounds))
    )
  })
}

refit <- function(x) list(
  estimate = column(x$estimate), se = column(x$se), stat = column(if (is.null(x$zval)) x$tval else x$zval), pval = column(x$pval),
  ci_lb = column(x$ci.lb), ci_ub = column(x$ci.ub), Q = column(x$Q), Qp = column(x$Qp),
  tau2 = column(x$tau2), I2 = column(x$I2), H2 = column(x$H2)
)

refit_cases <- function(name, es) {
  out <- list()
  for (test in c("z", "knha")) {
    res <- fit(es, "REML", test)
    options <- list(method = "REML", test = test)
    tag <- paste(name, "REML", test, sep = "/")
    out[[length(out) + 1]] <- case(paste0(tag, "/leave1out"), "leave1out", list(effects = name), options,
                                   "leave1out(res)", refit(leave1out(res)))
    place <- order(es$vi)
    added <- cumul(res, order = es$vi)
    out[[length(out) + 1]] <- case(paste0(tag, "/cumul"), "cumul", list(effects = name),
                                   c(options, list(order_index0 = column(place - 1))), "cumul(res, order=vi)",
                                   refit(added)[c("estimate", "se", "stat", "pval", "ci_lb", "ci_ub", "Q", "tau2", "I2")])
    inf <- influence(res)
    with <- inf$inf
    out[[length(out) + 1]] <- case(paste0(tag, "/influence"), "influence", list(effects = name), options, "influence(res)", list(
      rstudent = column(with$rstudent), dffits = column(with$dffits), cook_d = column(with$cook.d), cov_r = column(with$cov.r),
      tau2_del = column(with$tau2.del), QE_del = column(with$QE.del), hat = column(with$hat), weight = column(with$weight),
      dfbetas = column(inf$dfbs[[1]]), is_infl = column(inf$is.infl)
    ))
    standard <- rstandard(res)
    out[[length(out) + 1]] <- case(paste0(tag, "/rstandard"), "rstandard", list(effects = name), options, "rstandard(res)",
                                   list(resid = column(standard$resid), se = column(standard$se), z = column(standard$z)))
  }
  drawn <- blup(fit(es))
  out[[length(out) + 1]] <- case(paste0(name, "/REML/blup"), "blup", list(effects = name), list(method = "REML"), "blup(res)",
                                 list(pred = column(drawn$pred), se = column(drawn$se), pi_lb = column(drawn$pi.lb), pi_ub = column(drawn$pi.ub)))
  out
}

asymmetry_cases <- function(name, es) {
  out <- list()
  for (predictor in c("sei", "vi")) for (model in c("lm", "rma")) {
    test <- if (model == "lm") regtest(yi, vi, data = es, model = "lm", predictor = predictor)
            else regtest(fit(es), predictor = predictor)
    out[[length(out) + 1]] <- case(
      sprintf("%s/regtest/%s/%s", name, model, predictor), "regtest", list(effects = name),
      list(model = model, predictor = predictor, method = if (model == "lm") "none" else "REML"), "regtest(...)",
      list(stat = one(test$zval), df = if (model == "lm") test$dfs else NULL, pval = one(test$pval), est = one(test$est),
           ci_lb = one(test$ci.lb), ci_ub = one(test$ci.ub))
    )
  }
  rank <- suppressWarnings(ranktest(yi, vi, data = es))
  out[[length(out) + 1]] <- case(paste0(name, "/ranktest"), "ranktest", list(effects = name), list(exact = "default"), "ranktest(yi, vi)",
                                 list(tau = one(rank$tau), pval = one(rank$pval)))
  for (estimator in c("L0", "R0", "Q0")) {
    filled <- tryCatch(trimfill(fit(es, "DL"), estimator = estimator), error = function(e) NULL)
    if (is.null(filled)) next
    out[[length(out) + 1]] <- case(
      sprintf("%s/DL/trimfill/%s", name, estimator), "trimfill", list(effects = name), list(method = "DL", estimator = estimator),
      sprintf("trimfill(res, estimator='%s')", estimator),
      list(k0 = filled$k0, se_k0 = filled$se.k0, p_k0 = one(filled$p.k0), side = filled$side, estimate = one(coef(filled)), se = filled$se,
           ci_lb = filled$ci.lb, ci_ub = filled$ci.ub, tau2 = filled$tau2, QE = filled$QE, k = filled$k,
           filled_yi = column(filled$yi[filled$fill]), filled_vi = column(filled$vi[filled$fill]))
    )
  }
  for (type in c("Rosenthal", "Orwin", "Rosenberg")) {
    found <- fsn(yi, vi, data = es, type = type)
    out[[length(out) + 1]] <- case(sprintf("%s/fsn/%s", name, type), "fsn", list(effects = name), list(type = type),
                                   sprintf("fsn(yi, vi, type='%s')", type), list(fsnum = found$fsnum))
  }
  hc <- hc(fit(es, "DL"), control = list(tol = 1e-12, maxit = 10000))
  out[[length(out) + 1]] <- case(paste0(name, "/DL/hc"), "henmi.copas", list(effects = name), list(method = "DL"), "hc(res)",
                                 list(estimate = one(hc$beta), se = one(hc$se), ci_lb = one(hc$ci.lb), ci_ub = one(hc$ci.ub)))
  out
}

statistics <- function(res) {
  rows <- list(ML = res$fit.stats[, "ML"], REML = res$fit.stats[, "REML"])
  lapply(rows, function(one) setNames(as.list(one), c("ll", "dev", "AIC", "BIC", "AICc")))
}

regression_cases <- function(name, es, formula, label, data) {
  out <- list()
  for (method in c("REML", "DL", "PM", "ML")) for (test in c("z", "knha")) {
    res <- rma(yi, vi, mods = formula, data = data, method = method, test = test, control = tight)
    expected <- c(pooled(res)[c("k", "coef", "se", "stat", "pval", "ci_lb", "ci_ub", "tau2", "I2", "H2", "QE", "QE_p")], list(
      p = res$p, weights_pct = column(weights(res)), QM_df = column(c(res$QMdf[1], if (test == "z") NA else res$QMdf[2])), names = column(rownames(res$beta)), R2 = one(res$R2), QM = res$QM, QM_p = res$QMp, vcov = unname(vcov(res)),
      se_tau2 = one(res$se.tau2), design = unname(model.matrix(res)), rows0 = column(which(res$not.na) - 1), fitted = column(fitted(res)),
      fit = statistics(res), hat = column(hatvalues(res)), pred_se = column(predict(res)$se), pred_pi_lb = column(predict(res)$pi.lb),
      pred_pi_ub = column(predict(res)$pi.ub)
    ))
    if (method == "REML" && test == "z") {
      inf <- influence(res)$inf
      expected <- c(expected, list(cook_d = column(inf$cook.d), dffits = column(inf$dffits), rstudent = column(inf$rstudent)))
    }
    out[[length(out) + 1]] <- case(
      sprintf("%s/reg/%s/%s/%s", name, label, method, test), "rma.uni.mods", list(effects = name),
      list(formula = paste0("~", label), method = method, test = test), sprintf("rma(yi, vi, mods=~%s)", label), expected
    )
  }
  out
}

table_cases <- function(columns, data) {
  cells <- lapply(columns, function(column) data[[column]])
  out <- list()
  for (measure in c("OR", "RR", "RD")) {
    res <- do.call(rma.mh, c(list(measure = measure), cells))
    expected <- list(estimate = one(res$beta), se = res$se, stat = res$zval, pval = res$pval, ci_lb = res$ci.lb, ci_ub = res$ci.ub,
                     QE = res$QE, QE_p = res$QEp, I2 = res$I2, H2 = res$H2, k = res$k, k_yi = res$k.yi)
    if (measure == "OR")
      expected <- c(expected, list(MH = res$MH, MHp = res$MHp, TA = res$TA, TAp = res$TAp, BD = res$BD, BDp = res$BDp))
    out[[length(out) + 1]] <- case(paste0("MH/", measure), "rma.mh", list(columns = columns), list(measure = measure, correction = "default"),
                                   sprintf("rma.mh(measure='%s')", measure), expected)
  }
  res <- do.call(rma.peto, cells)
  out[[length(out) + 1]] <- case("PETO", "rma.peto", list(columns = columns), list(), "rma.peto()", list(
    estimate = one(res$beta), se = res$se, stat = res$zval, pval = res$pval, ci_lb = res$ci.lb, ci_ub = res$ci.ub,
    QE = res$QE, QE_p = res$QEp, I2 = res$I2, H2 = res$H2, k = res$k))
  out
}

measured <- function(measure, columns, data, options = list()) {
  cells <- lapply(columns, function(column) data[[column]])
  es <- do.call(escalc, c(list(measure = measure), cells, options))
  list(measure = measure, columns = columns, options = named(options), yi = column(es$yi), vi = column(es$vi),
       slab = column(as.character(seq_along(es$yi))))
}
