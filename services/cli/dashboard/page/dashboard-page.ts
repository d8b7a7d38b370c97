import './dashboard.css';
import { putFrame } from '../../report/page/elements/frame';
import { DashboardApp } from './dashboard-app';
import { DashboardClient } from './dashboard-client';
import { StateLine } from './elements/state-line';

// The token came once in the address: from now on the cookie has it, and nobody reads it from here.
if (location.search !== '') history.replaceState(null, '', `/${location.hash}`);
const state = new StateLine();
putFrame({ note: state.element, wait: 'One moment: the log is being read.' });
const app = new DashboardApp(new DashboardClient(), state);
addEventListener('hashchange', () => void app.show(true));
document.addEventListener('visibilitychange', () => void app.follow());
await app.start();
// For whoever waits until the page can be used.
document.documentElement.dataset.ready = 'true';
