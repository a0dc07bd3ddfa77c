import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { apiPath, warm } from './lib/api.ts';
import { useLanguage, wantedLanguage } from './lib/i18n.svelte.ts';
import { nav } from './lib/nav.svelte.ts';
import { useTheme, wantedTheme } from './lib/theme.ts';

const query = new URLSearchParams(location.search);
useTheme(wantedTheme(query.get('theme')));
const language = wantedLanguage(query.get('lang'));
warmTheJob();
await useLanguage(language);

const target = document.getElementById('app');
if (target !== null) mount(App, { target });

/** A job page needs its code and its data: they come side by side. */
function warmTheJob(): void {
  const { route } = nav;
  if (route.page !== 'job') return;
  void import('./pages/job/JobPage.svelte');
  if (query.get('at') === null) warm(apiPath(['jobs', route.cluster, route.jobId]), language);
}
