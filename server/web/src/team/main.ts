import { mount } from 'svelte';
import '../shared/tokens.css';
import '../shared/base.css';
import './team.css';
import App from './App.svelte';

mount(App, { target: document.getElementById('app')! });
