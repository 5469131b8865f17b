"""Opens the pages in headless Chromium, over a pipe of the DevTools protocol, and looks at them."""

import base64
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

browser, pages, pictures = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])


class Browser:
    """A headless browser and one page of it."""

    def __init__(self, profile):
        to_read, self.to_write = os.pipe()
        self.from_read, from_write = os.pipe()

        def wire():
            # The browser reads from 3 and writes to 4.
            reader, writer = os.dup(to_read), os.dup(from_write)
            os.dup2(reader, 3)
            os.dup2(writer, 4)

        self.process = subprocess.Popen(
            [browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=wire, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(from_write)
        self.numbers = itertools.count(1)
        self.rest = b""
        self.events = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ["Page", "Runtime", "Network", "Log", "Accessibility"]:
            self.call(f"{domain}.enable")

    def message(self):
        while b"\0" not in self.rest:
            part = os.read(self.from_read, 1 << 16)
            if not part:
                raise SystemExit("the browser is gone")
            self.rest += part
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        number = next(self.numbers)
        request = {"id": number, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.to_write, json.dumps(request).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def go(self, url):
        self.events.clear()
        self.call("Page.navigate", url=url)
        while not any(it.get("method") == "Page.loadEventFired" for it in self.events):
            self.events.append(self.message())

    def open(self, name):
        self.go("about:blank")
        self.go(f"file://{pages / name}.html")
        self.look()

    def look(self):
        """Nothing is fetched, nothing is refused, nothing fails."""
        for event in self.events:
            params = event.get("params", {})
            if event.get("method") == "Network.requestWillBeSent":
                url = params["request"]["url"]
                assert url.startswith("file://") or url.startswith("about:"), url
            assert event.get("method") != "Runtime.exceptionThrown", event
            assert event.get("method") != "Log.entryAdded", event

    def run(self, script):
        done = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def picture(self, name, width=1200, height=1400, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        look = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": look}])
        data = self.call("Page.captureScreenshot", format="png")["data"]
        (pictures / f"{name}.png").write_bytes(base64.b64decode(data))

    def end(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(timeout=30)


SHOWN = "[...document.querySelectorAll('.finding')].filter(it => it.offsetParent).length"


def choose(page, name, value):
    page.run(f"""(() => {{
        const field = document.getElementById('filters').elements.namedItem({json.dumps(name)});
        field.value = {json.dumps(value)};
        field.dispatchEvent(new Event('input', {{ bubbles: true }}));
    }})()""")


def filters(page):
    page.open("shop")
    every = page.run(SHOWN)
    assert every >= 9, every
    assert page.run("document.querySelector('output').value") == f"{every} findings"
    one = page.run("document.querySelectorAll('[data-rule=unknown-type]').length")
    assert 0 < one < every
    choose(page, "rule", "unknown-type")
    assert page.run(SHOWN) == one
    assert page.run("document.querySelector('output').value") == f"{one} of {every} findings"
    off = page.run("document.querySelectorAll('mark:not(.off)').length")
    assert off == one, off
    assert page.run("[...document.querySelectorAll('.document')].filter(it => it.offsetParent).length") == 1
    choose(page, "rule", "")
    choose(page, "class", "risk")
    risks = page.run("document.querySelectorAll('[data-class=risk]').length")
    assert page.run(SHOWN) == risks > 0
    choose(page, "class", "")
    choose(page, "document", "1")
    second = page.run("document.querySelectorAll('.finding[data-document=\"1\"]').length")
    assert page.run(SHOWN) == second > 0
    choose(page, "document", "")
    choose(page, "text", "DATETIME type")
    assert page.run(SHOWN) == 1
    choose(page, "text", "there is no such text")
    assert page.run(SHOWN) == 0
    assert page.run("document.getElementById('nothing').offsetParent !== null")
    page.run("document.querySelector('button[type=reset]').click()")
    assert page.run(f"new Promise(done => setTimeout(() => done({SHOWN}), 50))") == every
    errors = page.run("document.querySelectorAll('[data-severity=error]').length")
    page.run("document.querySelector('#filters input[value=warn]').click()")
    warns = page.run("document.querySelectorAll('[data-severity=warn]').length")
    assert page.run(SHOWN) == every - warns and errors > 0 and warns > 0
    page.run("location.hash = document.querySelector('[data-severity=warn]').id")
    assert page.run(f"new Promise(done => setTimeout(() => done({SHOWN}), 100))") == every
    return every


def keyboard(page):
    page.open("shop")
    page.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert page.run("document.activeElement.className") == "skip"
    page.run("document.querySelector('button[name=next]').click()")
    assert page.run("document.activeElement.id") == page.run("document.querySelector('.finding').id")
    page.run("document.querySelector('button[name=previous]').click()")
    last = "[...document.querySelectorAll('.finding')].pop().id"
    assert page.run("document.activeElement.id") == page.run(last)
    roles = {node["role"]["value"] for node in page.call("Accessibility.getFullAXTree")["nodes"]
             if not node["ignored"]}
    assert {"banner", "main", "search", "contentinfo", "article", "table", "radiogroup"} & roles >= {
        "banner", "main", "search", "contentinfo", "article", "table"}, roles
    unnamed = [node for node in page.call("Accessibility.getFullAXTree")["nodes"]
               if not node["ignored"]
               and node["role"]["value"] in {"button", "link", "checkbox", "combobox", "searchbox", "radio"}
               and not node.get("name", {}).get("value")]
    assert not unnamed, unnamed[:3]


CONTRAST = """(() => {
    const channel = value => value <= 10.3 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    const parse = text => text.match(/[0-9.]+/g).map(Number);
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor);
            if (a > 0) return [r, g, b];
        }
        return [255, 255, 255];
    };
    const poor = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.offsetParent) continue;
        const style = getComputedStyle(element);
        const [one, other] = [light(parse(style.color)), light(behind(element))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < 4.5) poor.push([element.className || element.tagName, walker.currentNode.data, ratio]);
    }
    return poor.slice(0, 5);
})()"""


def looks(page):
    page.open("shop")
    for dark in [False, True]:
        page.picture(f"shop-{'dark' if dark else 'light'}", dark=dark, height=2600)
        poor = page.run(CONTRAST)
        assert not poor, poor
    background = "getComputedStyle(document.body).backgroundColor"
    dark = page.run(background)
    page.run("document.querySelector('.look input[value=light]').click()")
    assert page.run(background) != dark
    page.run("document.querySelector('.look input[value=dark]').click()")
    page.picture("shop-switched", dark=False)
    assert page.run(background) == dark
    page.open("shop")
    page.picture("shop-narrow", width=390, height=2200)
    wide = page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, f"the page scrolls sideways by {wide}"
    for name in ["gate", "large", "hostile", "clean"]:
        page.open(name)
        page.picture(name, height=1800)
        wide = page.run("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, f"{name} scrolls sideways by {wide}"


def hostile(page):
    page.open("hostile")
    assert page.run("document.querySelectorAll('.finding').length") > 2
    page.run("document.querySelectorAll('*').forEach(it => it.dispatchEvent(new Event('mouseover')))")
    assert page.run("window.ran") is None
    assert page.run("document.querySelectorAll('main script, main img, [onerror], [onmouseover]').length") == 0
    links = page.run("[...document.links].map(it => it.protocol)")
    assert set(links) <= {"file:", "https:"}, set(links)
    assert page.run("document.querySelectorAll('script').length") == 1
    # The policy stands also against what would slip through.
    page.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran=9\">')")
    assert page.run("new Promise(done => setTimeout(() => done(window.ran), 100))") is None


def bounded(page):
    size = (pages / "large.html").stat().st_size
    assert size < 100_000, size
    page.open("large")
    assert page.run("document.querySelectorAll('.finding').length") > 3
    assert "the page has the lines around its findings" in page.run("document.body.innerText")
    assert page.run("document.querySelectorAll('.gap').length") > 3


def verdict(page):
    page.open("gate")
    text = page.run("document.querySelector('header').innerText")
    assert "The gate bounces the revision." in text, text
    assert page.run("document.querySelectorAll('.reasons a').length") > 2


def plain(page, every):
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.open("shop")
    shown = page.call("DOM.getDocument", depth=0)
    assert shown
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert roles.count("article") == every, roles.count("article")
    assert "search" not in roles and "combobox" not in roles
    page.picture("shop-plain", height=1400)
    page.call("Emulation.setScriptExecutionDisabled", value=False)


with tempfile.TemporaryDirectory() as profile:
    page = Browser(profile)
    every = filters(page)
    keyboard(page)
    looks(page)
    hostile(page)
    bounded(page)
    verdict(page)
    plain(page, every)
    page.end()
print(f"{every} findings filtered, 7 checks passed, 0 failed")
