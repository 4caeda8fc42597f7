(function () {
  "use strict";
  if (window.matchMedia("(max-width: 63.99rem)").matches) {
    document.querySelectorAll(".innehallslista > details").forEach(function (d) { d.removeAttribute("open"); });
  }
  // A wide table says that it goes on to the side. For the eye only: the region itself is named for screen readers.
  var sized = new ResizeObserver(function (entries) {
    entries.forEach(function (entry) {
      var region = entry.target;
      region.classList.toggle("rullar", region.scrollWidth > region.clientWidth + 2);
    });
  });
  document.querySelectorAll("[role=region]").forEach(function (region) { sized.observe(region); });
  // On paper nothing can be unfolded: the definitions are printed, and of the charts' numbers what the reader opened.
  var opened = [];
  window.addEventListener("beforeprint", function () {
    opened = Array.from(document.querySelectorAll(".rapport-fot details:not([open]), details.kontroller:not([open])"));
    opened.forEach(function (d) { d.setAttribute("open", ""); });
  });
  window.addEventListener("afterprint", function () {
    opened.forEach(function (d) { d.removeAttribute("open"); });
  });
})();
