"""A browser without a window, driven by the plain WebDriver protocol: no library but Python's own.

    with Browser(width=1200, height=900) as browser:
        browser.open(path)
        browser.run("return document.title")
"""
import base64
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--hide-scrollbars", "--force-device-scale-factor=1"]


def why_not():
    """Why no browser can be driven here; empty where one can."""
    missing = [name for name, found in (("chromium", CHROMIUM), ("chromium-driver", DRIVER)) if not found]
    return f"{' and '.join(missing)} not installed" if missing else ""


class Browser:
    """One headless Chromium with a fresh profile, and what its console and its network said."""

    def __init__(self, width=1200, height=900):
        self.profile = tempfile.mkdtemp(prefix="fairsweep-browser-")
        self.driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            self._begin(width, height)
        except BaseException:
            self._end()
            raise

    def _begin(self, width, height):
        self.address = f"http://127.0.0.1:{self._port()}"
        options = {"binary": CHROMIUM, "args": [*FLAGS, f"--user-data-dir={self.profile}",
                                                f"--window-size={width},{height}"]}
        answer = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
        self.session = f"/session/{answer['sessionId']}"
        self.resize(width, height)
        # What the browser's own first page asks for is no matter of ours.
        self._ask("POST", self.session + "/url", {"url": "about:blank"})
        self.console()
        self.requests()

    def _end(self):
        self.driver.terminate()
        self.driver.wait(20)
        self.driver.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _port(self):
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found.group(1))
        raise RuntimeError("chromedriver did not start")

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        # No proxy: the driver is on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path}: {error.read().decode(errors='replace')[:600]}") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._ask("DELETE", self.session)
        finally:
            self._end()

    def open(self, file):
        self._ask("POST", self.session + "/url", {"url": pathlib.Path(file).resolve().as_uri()})

    def run(self, script, *arguments):
        """What the script returns: a function's body, its arguments in `arguments`."""
        return self._ask("POST", self.session + "/execute/sync", {"script": script, "args": list(arguments)})

    def wait(self, script, seconds=25):
        """Runs the script until it returns something true, in the browser, and returns that."""
        return self._ask("POST", self.session + "/execute/async", {"script": """
            const done = arguments[arguments.length - 1], end = performance.now() + 1000 * arguments[0];
            const look = () => {
              const value = (() => { %s })();
              if (value || performance.now() > end) done(value); else setTimeout(look, 20);
            };
            look();""" % script, "args": [seconds]})

    def resize(self, width, height):
        self._ask("POST", self.session + "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}})

    def prefer(self, scheme):
        """Makes the system "light" or "dark"."""
        self._ask("POST", self.session + "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]}})

    def point(self, x, y, *then):
        """Moves the mouse to a place of the window; `then`: ("down",), ("up",), ("move", x, y)."""
        steps = [{"type": "pointerMove", "duration": 20, "x": round(x), "y": round(y), "origin": "viewport"}]
        for action in then:
            if action[0] == "move":
                steps.append({"type": "pointerMove", "duration": 60, "x": round(action[1]), "y": round(action[2]),
                              "origin": "viewport"})
            else:
                steps.append({"type": "pointerDown" if action[0] == "down" else "pointerUp", "button": 0})
        self._ask("POST", self.session + "/actions", {"actions": [
            {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps}]})

    def press(self, key):
        self._ask("POST", self.session + "/actions", {"actions": [{"type": "key", "id": "keys", "actions": [
            {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})

    def place(self, selector):
        """Scrolls an element to the middle of the window and returns its rectangle there."""
        return self.run("""const one = document.querySelector(arguments[0]);
            one.scrollIntoView({block: "center", inline: "center"});
            const box = one.getBoundingClientRect();
            return {x: box.x, y: box.y, width: box.width, height: box.height};""", selector)

    def console(self):
        """Messages of the console since the last call."""
        return [entry["message"] for entry in self._ask("POST", self.session + "/se/log", {"type": "browser"})]

    def requests(self):
        """Addresses asked for since the last call."""
        addresses = []
        for entry in self._ask("POST", self.session + "/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                addresses.append(message["params"]["request"]["url"])
        return addresses

    def screenshot(self, file, selector=None):
        """A picture of the window, or of one element whole."""
        if selector:
            found = self._ask("POST", self.session + "/element", {"using": "css selector", "value": selector})
            picture = self._ask("GET", f"{self.session}/element/{next(iter(found.values()))}/screenshot")
        else:
            picture = self._ask("GET", self.session + "/screenshot")
        pathlib.Path(file).write_bytes(base64.b64decode(picture))

    def print(self):
        """The page as PDF."""
        return base64.b64decode(self._ask("POST", self.session + "/print", {}))
