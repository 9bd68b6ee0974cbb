// <face-player timeline boxes>: our controls around a server-written <video>, and the faces drawn over it in step with playback.
// It tells `faceline:time`, and follows `faceline:seek`, `faceline:select`.
import { Boxes } from "./boxes.js";
import { loadTimeline } from "./data.js";
import { listen } from "../parts/keys.js";
import { Overlay } from "./overlay.js";
import { timecode } from "./time.js";

const HAVE_PICTURE = 2; // HTMLMediaElement.HAVE_CURRENT_DATA
const SPEEDS = [1, 1.5, 2, 0.25, 0.5];

class FacePlayer extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector("video");
    this.range = this.querySelector("[data-seek]");
    this.now = this.querySelector("[data-now]");
    this.played = this.querySelector("[data-played]");
    this.cuts = [];
    this.leaving = new AbortController();
    this.listen();
    this.showState();
    this.follow();
    this.start();
    if (this.video.readyState) this.open();
    else this.video.addEventListener("loadedmetadata", () => this.open(), { once: true, signal: this.leaving.signal });
  }

  disconnectedCallback() { this.leaving.abort(); }

  async start() {
    const address = this.getAttribute("timeline");
    if (address) {
      try {
        const timeline = await loadTimeline(address);
        this.cuts = timeline.shots.map(([start_s]) => start_s);
        const boxes = new Boxes(this.getAttribute("boxes"), timeline.sample_rate, timeline.duration_s, () => this.draw());
        this.overlay = new Overlay(this.querySelector(".player__overlay"), this.video, timeline, boxes);
        this.draw();
      } catch { /* the lanes say it */ }
    }
  }

  /** Shows the first picture, or that of "?t=12.4"; without a seek, some browsers show none before they play. */
  open() {
    const asked = Number(new URLSearchParams(location.search).get("t"));
    this.seek(asked > 0 ? asked : this.video.currentTime);
  }

  listen() {
    const { signal } = this.leaving;
    const on = (target, names, act) => names.forEach((name) => target.addEventListener(name, act, { signal }));
    on(this, ["click"], (event) => this.press(event));
    on(this.video, ["play", "pause", "ended", "volumechange", "ratechange", "loadedmetadata"], () => this.showState());
    on(this.video, ["seeking", "seeked", "timeupdate", "loadeddata"], () => this.draw());
    on(this.video, ["error"], () => this.classList.add("has-failed"));
    on(this.range, ["input"], () => this.seek(Number(this.range.value)));
    on(document, ["faceline:seek"], (event) => this.seek(event.detail.time_s));
    on(document, ["faceline:select"], (event) => {
      if (this.overlay) this.overlay.selected = event.detail.person_id;
      this.draw();
    });
    listen("player", document, this.acts(), { signal });
    on(document, ["fullscreenchange"], () => this.draw());
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.video);
    signal.addEventListener("abort", () => this.sizes.disconnect());
  }

  /** Notes every picture that the browser shows; without that callback, with the screen. */
  follow() {
    const { video } = this;
    const wait = () => (video.requestVideoFrameCallback ? video.requestVideoFrameCallback(next) : requestAnimationFrame(() => next()));
    const next = (_now, frame) => {
      if (this.leaving.signal.aborted) return;
      if (frame) this.shown_s = frame.mediaTime;
      else if (!video.seeking && video.readyState >= HAVE_PICTURE) this.shown_s = video.currentTime;
      this.draw();
      wait();
    };
    wait();
  }

  /** Faces belong to the picture on display: none before the first one, the old ones until a seek has arrived. */
  draw() {
    if (this.shown_s !== undefined) this.overlay?.draw(this.shown_s);
    // the clock shows where a seek goes before its picture is there
    this.showTime(this.video.seeking || this.shown_s === undefined ? this.video.currentTime : this.shown_s);
  }

  showTime(time_s) {
    this.now.textContent = timecode(time_s);
    this.range.value = time_s;
    this.range.setAttribute("aria-valuetext", timecode(time_s));
    this.played.style.transform = `scaleX(${Math.min(1, time_s / (Number(this.range.max) || 1))})`;
    if (this.last_s === time_s) return;
    this.last_s = time_s;
    document.dispatchEvent(new CustomEvent("faceline:time", { detail: { time_s } }));
  }

  seek(time_s) {
    const end_s = Number.isFinite(this.video.duration) ? this.video.duration : Number(this.range.max);
    this.video.currentTime = Math.min(Math.max(0, time_s), Math.max(0, end_s - 0.001));
    this.draw();
  }

  press(event) {
    const { act } = event.target.closest("[data-act]")?.dataset ?? {};
    if (act) this.do(act);
    else if (event.target.closest(".player__screen")) this.pressScreen(event);
  }

  /** On a face: selects the person; elsewhere plays or pauses. */
  pressScreen(event) {
    const person = this.overlay?.personAt(event.clientX, event.clientY);
    if (person) document.dispatchEvent(new CustomEvent("faceline:select", { detail: { person_id: person.person_id } }));
    else this.do("play");
  }

  do(act) {
    const { video } = this;
    if (act === "play") video.paused ? video.play().catch(() => {}) : video.pause();
    if (act === "back" || act === "on") this.seek(this.cutFrom(video.currentTime, act));
    if (act === "mute") video.muted = !video.muted;
    if (act === "speed") video.playbackRate = SPEEDS[(SPEEDS.indexOf(video.playbackRate) + 1) % SPEEDS.length];
    if (act === "boxes" || act === "labels") this.toggle(act);
    if (act === "full") document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen?.();
  }

  toggle(what) {
    if (!this.overlay) return;
    this.overlay.shows[what] = !this.overlay.shows[what];
    this.querySelector(`[data-act="${what}"]`).setAttribute("aria-pressed", String(this.overlay.shows[what]));
    this.draw();
  }

  /** The cut before or after a time; where there is none, 5 s. */
  cutFrom(time_s, act) {
    if (this.cuts.length < 2) return time_s + (act === "on" ? 5 : -5);
    if (act === "on") return this.cuts.find((cut) => cut > time_s + 0.05) ?? this.video.duration;
    return this.cuts.filter((cut) => cut < time_s - 0.6).at(-1) ?? 0;
  }

  /** What the keys of `parts/keys.js` do. */
  acts() {
    const frame_s = 1 / (Number(this.getAttribute("frame-rate")) || 25);
    const by = (seconds) => () => this.seek(this.video.currentTime + seconds);
    const byFrame = (seconds) => () => { this.video.pause(); this.seek(this.video.currentTime + seconds); };
    const isOnControl = (event) => event.key === " " && event.target.closest("button, a, summary, [role=tab]");
    return {
      play: (event) => (isOnControl(event) ? false : this.do("play")),
      second_back: by(-1),
      second_on: by(1),
      seconds_back: by(-5),
      seconds_on: by(5),
      frame_back: byFrame(-frame_s),
      frame_on: byFrame(frame_s),
      ...Object.fromEntries(["back", "on", "boxes", "labels", "mute", "full"].map((act) => [act, () => this.do(act)])),
    };
  }

  showState() {
    const { video } = this;
    this.classList.toggle("is-playing", !video.paused);
    this.classList.toggle("is-muted", video.muted || video.volume === 0);
    this.querySelector("[data-act=play]").setAttribute("aria-label", video.paused ? "Play" : "Pause");
    this.querySelector("[data-act=mute]")?.setAttribute("aria-label", video.muted ? "Sound on" : "Sound off");
    const speed = this.querySelector("[data-act=speed]");
    speed.textContent = `${video.playbackRate}×`;
    speed.setAttribute("aria-label", `Speed ${video.playbackRate}`);
    if (Number.isFinite(video.duration)) this.range.max = video.duration;
  }
}

customElements.define("face-player", FacePlayer);
