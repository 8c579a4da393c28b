// Keys for the record page. Without this script every button works the same.
"use strict";

(() => {
  const SETTING = "desk-keys", MISSED = "desk-missed";
  const keep = (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* no storage: nothing to keep */ } };
  const kept = (name) => { try { return sessionStorage.getItem(name); } catch { return null; } };
  const keysOn = () => { try { return localStorage.getItem(SETTING) !== "off"; } catch { return true; } };
  const form = document.querySelector("[data-decides]");
  const says = document.querySelector("[data-saving]");
  let saving = false;

  const box = document.getElementById("keys-on");
  if (box) {
    box.closest("[data-keys]").hidden = false;
    box.checked = keysOn();
    box.addEventListener("change", () => {
      try { localStorage.setItem(SETTING, box.checked ? "on" : "off"); } catch { box.checked = true; }
    });
  }
  if (!keysOn()) document.documentElement.classList.add("no-keys");

  // A key pressed while a vote was being saved is never used for the next card, and never lost in silence.
  const missed = Number(kept(MISSED) || 0);
  keep(MISSED, "0");
  if (missed && says) says.textContent = `${missed} key ${missed === 1 ? "press" : "presses"} not used: the last vote was still being saved.`;

  if (form) {
    form.addEventListener("submit", (event) => {
      if (saving) { event.preventDefault(); return; }
      saving = true;
      form.setAttribute("aria-busy", "true");
      says.textContent = "Saving …";
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) { saving = false; form.removeAttribute("aria-busy"); says.textContent = ""; }
    });
  }

  const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

  document.addEventListener("keydown", (event) => {
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    if (event.key === "?") { window.location.assign("/help"); return; }
    const button = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key.toLowerCase());
    if (!button) return;
    event.preventDefault();
    if (saving) {
      keep(MISSED, String(Number(kept(MISSED) || 0) + 1));
      says.textContent = `Saving … the key “${event.key}” was not used.`;
      return;
    }
    button.click();
  });
})();
