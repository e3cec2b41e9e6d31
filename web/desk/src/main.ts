import '../../parts/base.css';
import './base.css';
import { mount } from 'svelte';
import App from './App.svelte';

const target = document.getElementById('desk');
if (target !== null) mount(App, { target });
