// What htmx leaves to the page: upload progress, the chosen opening, a lost connection, where the eye goes.
(function () {
  "use strict";
  var notice = document.getElementById("notice");

  function bar(event) {
    return event.target.closest && event.target.closest("form.upload") && event.target.closest("form.upload").querySelector("progress");
  }

  document.body.addEventListener("htmx:xhr:progress", function (event) {
    var progress = bar(event);
    if (progress && event.detail.lengthComputable && event.detail.total > 0) {
      progress.hidden = false;
      progress.value = (100 * event.detail.loaded) / event.detail.total;
    }
  });

  document.body.addEventListener("htmx:afterRequest", function (event) {
    var progress = bar(event);
    if (progress) {
      progress.hidden = true;
      progress.value = 0;
      if (event.detail.successful) {
        event.target.closest("form.upload").reset();
      }
    }
    if (event.detail.xhr && event.detail.xhr.status > 0) {
      notice.hidden = true;
    }
  });

  document.body.addEventListener("htmx:sendError", function () {
    notice.hidden = false;
  });

  document.body.addEventListener("htmx:afterSwap", function (event) {
    var panel = event.detail.target;
    if (!panel || panel.id !== "panel") {
      return;
    }
    var shown = event.detail.pathInfo ? event.detail.pathInfo.requestPath : window.location.pathname;
    document.querySelectorAll("#openings a").forEach(function (link) {
      if (link.getAttribute("href") === shown) {
        link.setAttribute("aria-current", "true");
      } else {
        link.removeAttribute("aria-current");
      }
    });
    panel.focus({ preventScroll: true });
    var top = panel.getBoundingClientRect().top;
    if (top < 0 || top > window.innerHeight / 2) {
      panel.scrollIntoView({ block: "start" });
    }
  });
})();
