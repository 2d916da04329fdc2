"use strict";
// The page works without this: it opens what is folded when the page is printed, or when a link leads inside it.
function openAll(open) {
  for (const box of document.querySelectorAll("details")) box.open = open;
}
function openTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let box = target && target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  if (target) target.scrollIntoView();
}
window.addEventListener("beforeprint", () => openAll(true));
window.addEventListener("hashchange", openTarget);
openTarget();
