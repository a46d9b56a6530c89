// A table that scrolls can be reached with the Tab key; one that fits is not a stop on the way.
document.addEventListener("DOMContentLoaded", () => {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".exhibit-table").forEach((element) => observer.observe(element));
});
