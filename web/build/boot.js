(function (root, preloads) {
  var theme, lang;
  try {
    theme = localStorage.getItem('theme');
    lang = localStorage.getItem('lang');
  } catch (e) {}
  if (theme) root.dataset.theme = theme;
  root.lang = (lang || navigator.language || 'nl').slice(0, 2) === 'en' ? 'en' : 'nl';
  [root.lang, '/' + location.pathname.split('/')[1]].forEach(function (key) {
    (preloads[key] || []).forEach(function (href) {
      var link = document.createElement('link');
      link.rel = 'modulepreload';
      link.href = href;
      document.head.append(link);
    });
  });
})(document.documentElement, __PRELOADS__);
