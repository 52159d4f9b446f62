import { mount } from "svelte";
import "uplot/dist/uPlot.min.css";
import "./ui/page.css";
import App from "./views/shell/App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
