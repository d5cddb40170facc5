"""Writes pillow.csv: what Pillow makes of small pictures, for operations whose rounding ZenNas shares. Run: python3 pillow.py > pillow.csv"""
from PIL import Image, ImageEnhance, ImageOps

AFFINE = getattr(Image, "Transform", Image).AFFINE
BICUBIC = getattr(Image, "Resampling", Image).BICUBIC


def picture(height, width, least, levels):
    values = bytes(
        least + (37 * y + 11 * x * x + 71 * c + 5 * x * y) % levels
        for y in range(height) for x in range(width) for c in range(3))
    return Image.frombytes("RGB", (width, height), values)


def affine(source, matrix):
    return source.transform(source.size, AFFINE, matrix, fillcolor=(128, 128, 128))


def row(name, argument, least, levels, source, result):
    print(f"{name},{argument},{source.height},{source.width},{least},{levels},{result.height},{result.width},{result.tobytes().hex()}")


print("operation,argument,height,width,least,levels,result_height,result_width,pixels")
for least, levels in ((0, 256), (60, 97)):
    source = picture(9, 12, least, levels)
    row("AutoContrast", 0, least, levels, source, ImageOps.autocontrast(source))
    row("Invert", 0, least, levels, source, ImageOps.invert(source))
    for threshold in (0, 85, 128, 256):
        row("Solarize", threshold, least, levels, source, ImageOps.solarize(source, threshold))
    for bits in (4, 6, 8):
        row("Posterize", bits, least, levels, source, ImageOps.posterize(source, bits))
    for factor in (0.1, 0.7, 1.0, 1.3, 1.9):
        row("Contrast", factor, least, levels, source, ImageEnhance.Contrast(source).enhance(factor))
        row("Color", factor, least, levels, source, ImageEnhance.Color(source).enhance(factor))
        row("Brightness", factor, least, levels, source, ImageEnhance.Brightness(source).enhance(factor))
        row("Sharpness", factor, least, levels, source, ImageEnhance.Sharpness(source).enhance(factor))
    for share in (-0.3, 0.1):
        row("ShearX", share, least, levels, source, affine(source, (1, share, 0, 0, 1, 0)))
        row("ShearY", share, least, levels, source, affine(source, (1, 0, 0, share, 1, 0)))
    for pixels in (-3, 2):
        row("TranslateX", pixels, least, levels, source, affine(source, (1, 0, pixels, 0, 1, 0)))
        row("TranslateY", pixels, least, levels, source, affine(source, (1, 0, 0, 0, 1, pixels)))
    for degrees in (-30, 10):
        row("Rotate", degrees, least, levels, source, source.rotate(degrees, fillcolor=(128, 128, 128)))
    larger = picture(24, 32, least, levels)
    row("Equalize", 0, least, levels, larger, ImageOps.equalize(larger))
    for height, width in ((9, 12), (5, 7), (20, 16), (1, 1), (9, 3)):
        row("Resize", 0, least, levels, source, source.resize((width, height), BICUBIC))
    row("Resize", 0, least, levels, larger, larger.resize((10, 8), BICUBIC))
