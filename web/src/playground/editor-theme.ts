import { useMonaco } from '@graphiql/react';
import { useEffect } from 'react';

// The names under which GraphiQL knows its two themes: these here replace them.
const themes = {
  'graphiql-LIGHT': { base: 'vs', accent: '#1a57a8', surface: '#ffffff', argument: '#6c69ce' },
  'graphiql-DARK': { base: 'vs-dark', accent: '#89b5f8', surface: '#171b21', argument: '#908aff' },
} as const;

/** Paints the editor in the colours of the house, where GraphiQL has pink. */
export function EditorTheme() {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    for (const [name, { base, accent, surface, argument }] of Object.entries(themes)) {
      monaco?.editor.defineTheme(name, {
        base,
        inherit: true,
        rules: [{ token: 'argument.identifier.gql', foreground: argument }],
        colors: editorColors(accent, surface),
      });
    }
  }, [monaco]);
  return null;
}

function editorColors(accent: string, surface: string): Record<string, string> {
  const soft = accent + '22';
  const clear = '#ffffff00';
  return {
    'editor.background': clear,
    'scrollbar.shadow': clear,
    focusBorder: accent,
    'textLink.foreground': accent,
    'textLink.activeForeground': accent,
    'editorLink.activeForeground': accent,
    'editorWidget.background': surface,
    'editorWidget.resizeBorder': accent,
    'editorHoverWidget.background': surface,
    'editorSuggestWidget.background': surface,
    'editorSuggestWidget.selectedBackground': soft,
    'editorSuggestWidget.selectedForeground': accent,
    'editorSuggestWidget.highlightForeground': accent,
    'list.hoverBackground': soft,
    'list.highlightForeground': accent,
    'list.focusHighlightForeground': accent,
    'menu.background': surface,
    'menu.selectionBackground': soft,
    'menu.selectionForeground': accent,
    'quickInput.background': surface,
    'quickInputList.focusBackground': soft,
    'pickerGroup.foreground': accent,
    'toolbar.hoverBackground': soft,
    'inputOption.hoverBackground': soft,
  };
}
