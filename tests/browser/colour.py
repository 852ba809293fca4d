"""How colours look: contrast as WCAG 2 counts it, and to people who lack one kind of cone."""
import re

# Machado, Oliveira, Fernandes (2009), severity 1, on linear RGB.
DEFICIENCIES = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
                     (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def linear(colour):
    """Linear red, green and blue of "#rrggbb"."""
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(colour):
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """From 1 to 21. WCAG asks 4.5 of text and 3 of what one must see in a picture."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(colour, deficiency="none"):
    """CIE L*a*b* (D65) of the colour as somebody with this deficiency sees it."""
    rgb = linear(colour)
    seen = [min(1, max(0, sum(weight * part for weight, part in zip(row, rgb)))) for row in DEFICIENCIES[deficiency]]
    x = (0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047
    y = 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]
    z = (0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883
    f = [part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in (x, y, z)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def difference(one, other, deficiency):
    """CIE76: 2 can just be seen, 10 at a glance."""
    return sum((a - b) ** 2 for a, b in zip(lab(one, deficiency), lab(other, deficiency))) ** 0.5


def themes(css):
    """name -> {variable: "#rrggbb"} of the two themes of a style sheet."""
    found = {}
    for name, selector in (("light", r":root"), ("dark", r':root\[data-theme="dark"\]')):
        block = re.search(selector + r" \{(.*?)\}", css, re.DOTALL).group(1)
        found[name] = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    return found
