// Turns the badge to "overdue" once its day has passed, so that a site nobody tends says so by itself.
"use strict";

(() => {
  const badge = document.querySelector("[data-overdue-after]");
  if (!badge) return;
  const today = new Date().toISOString().slice(0, 10);
  if (today <= badge.dataset.overdueAfter) return;
  badge.dataset.state = "overdue";
  badge.querySelector(".badge-word").textContent = "overdue";
  badge.querySelector(".badge-meaning").textContent =
    "The next search is late: newer evidence may exist.";
  badge.querySelector(".badge-until").textContent = badge.dataset.overdueText;
})();
