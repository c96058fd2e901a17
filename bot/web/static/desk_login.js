// The secret of a login link stands behind "#", so that it reaches no log and no
// Referer. Take it out of the address, put it into the form, and send that.
const form = document.querySelector("form.link");

function enter() {
  const secret = location.hash.slice(1);
  if (!secret) return;
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.token.value = secret;
  form.requestSubmit();
}

addEventListener("hashchange", enter); // the page was open already
enter();
