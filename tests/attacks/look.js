// What a page made of hostile words. Returns what is wrong, and how often they were seen.
(mark) => {
  const FIXED = ["https://autoriteitpersoonsgegevens.nl/"];
  const wrong = [];
  const say = (what, node) => wrong.push(`${what}: ${node.outerHTML.slice(0, 160)}`);
  if (window[mark]) wrong.push("a script ran");
  for (const each of document.querySelectorAll(`[data-${mark}], [onerror], [onfocus]`)) {
    say("made of words", each);
  }
  for (const each of document.querySelectorAll("a, form, img, script, link, iframe")) {
    const leads = each.href || each.action || each.src || "";
    const ours = leads.startsWith(location.origin) || FIXED.includes(leads)
      || /^(tel:|data:image)/.test(leads);
    if (typeof leads === "string" && leads && !ours) say("leads elsewhere", each);
  }

  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const apart = "bdi, body [dir], option, textarea, script, title";
  const range = document.createRange();
  const place = (node, at) => {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  let seen = 0;
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const parent = node.parentElement;
    if (node.data.includes(mark)) {
      seen += 1;
      if (!parent.closest(apart)) say("its direction is not apart", parent);
      continue;
    }
    // Our own words beside it still run from left to right, letter by letter.
    if (parent.closest("bdi, body [dir], script, option, svg")) continue;
    const letters = node.data.search(/[A-Za-z]{3}/);
    if (letters < 0 || !parent.checkVisibility()) continue;
    const [first, last] = [place(node, letters), place(node, letters + 2)];
    if (first.top === last.top && first.left > last.left) say("turned around", parent);
  }
  for (const each of document.querySelectorAll("textarea, input")) {
    if ((each.value || "").includes(mark)) seen += 1;
  }
  return [wrong, seen];
};
