(function () {
  "use strict";
  if (window.matchMedia("(max-width: 63.99rem)").matches) {
    document.querySelectorAll(".innehallslista > details").forEach(function (d) { d.removeAttribute("open"); });
  }
})();
