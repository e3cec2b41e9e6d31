import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('chat');
if (target) mount(App, { target });
