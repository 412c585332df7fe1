import { type BrandVariants, createDarkTheme, createLightTheme, type Theme } from '@fluentui/react-components';

const confab: BrandVariants = {
  10: '#06152A',
  20: '#08213F',
  30: '#082C54',
  40: '#06386C',
  50: '#024582',
  60: '#005198',
  70: '#005DA9',
  80: '#0068BA',
  90: '#0A84E0',
  100: '#3A9CF5',
  110: '#5AAAF8',
  120: '#73B6FA',
  130: '#93C6FB',
  140: '#B3D7FD',
  150: '#CEE5FD',
  160: '#EBF4FE',
};

const fontFamilyBase =
  "'Segoe UI', 'Segoe UI Web (West European)', -apple-system, BlinkMacSystemFont, Inter, Roboto, 'Helvetica Neue', sans-serif";

/** Confab's own tokens: FluentProvider writes every key as a CSS variable. Names as in the design. */
const ownLight = {
  'cf-canvas': 'linear-gradient(180deg, #e6eef7 0%, #eff3f8 45%, #f1f4f8 100%)',
  'cf-canvas-flat': '#edf2f8',
  'cf-canvas-hover': 'rgba(0, 52, 110, 0.06)',
  'cf-canvas-stroke': '#cdd6e1',
  'cf-rail': '#4a5260',
  'cf-selected': '#ffffff',
  'cf-selected-shadow': '0 0 1px rgba(10, 40, 80, 0.18), 0 1px 3px rgba(10, 40, 80, 0.10)',
  'cf-note': 'rgba(255, 255, 255, 0.72)',
  'cf-pane': '#ffffff',
  'cf-pane-stroke': 'rgba(20, 50, 90, 0.10)',
  'cf-pane-shadow': '0 1px 2px rgba(20, 50, 90, 0.05), 0 4px 12px rgba(20, 50, 90, 0.05)',
  'cf-hairline': '#e6eaef',
  'cf-hover': '#f0f3f7',
  'cf-filled': '#f1f4f8',
  'cf-bubble-in': '#f1f4f8',
  'cf-bubble-out': '#dcecfd',
  'cf-brand-tint': '#e0eefd',
  'cf-danger-tint': '#fdf0f1',
  'cf-warn-tint': '#fff8e6',
  'cf-warn-border': '#f0d48a',
  'cf-warn': '#7a5300',
  'cf-available': '#13a10e',
  'cf-busy': '#d13438',
  'cf-away': '#eaa300',
  'cf-offline': '#616b78',
  'cf-code': '#f7f9fb',
};

const ownDark: typeof ownLight = {
  'cf-canvas': 'linear-gradient(180deg, #12161c 0%, #0f1216 100%)',
  'cf-canvas-flat': '#101419',
  'cf-canvas-hover': 'rgba(255, 255, 255, 0.07)',
  'cf-canvas-stroke': '#414852',
  'cf-rail': '#b7bdc6',
  'cf-selected': '#2a3038',
  'cf-selected-shadow': 'none',
  'cf-note': 'rgba(255, 255, 255, 0.06)',
  'cf-pane': '#1d2127',
  'cf-pane-stroke': 'rgba(255, 255, 255, 0.06)',
  'cf-pane-shadow': '0 2px 8px rgba(0, 0, 0, 0.3)',
  'cf-hairline': '#2d323a',
  'cf-hover': '#2b3038',
  'cf-filled': '#282d34',
  'cf-bubble-in': '#2a2f37',
  'cf-bubble-out': '#0b3a6b',
  'cf-brand-tint': '#0c3561',
  'cf-danger-tint': '#3a1a1f',
  'cf-warn-tint': '#33290f',
  'cf-warn-border': '#66521c',
  'cf-warn': '#f2c661',
  'cf-available': '#3db838',
  'cf-busy': '#e0484c',
  'cf-away': '#efb839',
  'cf-offline': '#9aa2ad',
  'cf-code': '#14181d',
};

export const lightTheme = { ...createLightTheme(confab), fontFamilyBase, ...ownLight } as Theme;

export const darkTheme = {
  ...createDarkTheme(confab),
  fontFamilyBase,
  colorBrandForeground1: confab[110],
  colorBrandForeground2: confab[120],
  colorBrandForegroundLink: confab[110],
  colorNeutralForeground2: '#D3D7DD',
  colorNeutralForeground3: '#ABB1BA',
  colorNeutralBackground1: '#23272E',
  colorNeutralBackground1Hover: '#2E333B',
  colorNeutralStroke1: '#545B65',
  colorNeutralStroke2: '#3C424B',
  ...ownDark,
} as Theme;

export type ThemeChoice = 'system' | 'light' | 'dark';

const key = 'confab-theme';

export function readThemeChoice(): ThemeChoice {
  const kept = localStorage.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function keepThemeChoice(choice: ThemeChoice): void {
  localStorage.setItem(key, choice);
}
