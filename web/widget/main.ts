// The visitor's chat: one page in a frame on a brand's site, /widget?site=<name>.
import { mount } from 'svelte';
import '../parts/base.css';
import App from './App.svelte';

const target = document.getElementById('chat');
const site = new URLSearchParams(location.search).get('site') ?? '';
if (target) mount(App, { target, props: { site } });
