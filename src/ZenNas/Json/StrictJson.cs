using System.Text;
using System.Text.Json;

namespace ZenNas.Json;

/// <summary>
/// Reads JSON documents that users write: every message names the place, the value met and what is allowed; unknown and repeated
/// properties are errors, and so are documents above a size or depth.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 16;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Parses a document and reads its root object.</summary>
    /// <param name="text">The document.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="maxBytes">Largest allowed size.</param>
    /// <param name="read">Reads the root; has to consume every property.</param>
    public static T Read<T>(string text, string what, int maxBytes, Func<JsonObjectReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            if (text.Length > maxBytes || Utf8.GetByteCount(text) > maxBytes)
            {
                throw new InvalidInputException($"{what} is larger than {maxBytes} bytes; allowed are at most {maxBytes}");
            }

            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var root = new JsonObjectReader(document.RootElement, what, "");
            var value = read(root);
            root.Done();
            return value;
        }
        catch (EncoderFallbackException e)
        {
            throw new InvalidInputException($"{what}, character {e.Index + 1}: half a surrogate pair; allowed is valid Unicode", e);
        }
        catch (JsonException e)
        {
            throw new InvalidInputException(
                $"{what}, line {e.LineNumber + 1}: not valid JSON of at most {MaxDepth} levels", e);
        }
    }

    /// <summary>Checks <c>format</c> and <c>version</c>.</summary>
    public static void CheckFormat(JsonObjectReader root, string format, int version) => CheckFormat(root, format, version, version);

    /// <summary>The same where earlier versions can be read, too.</summary>
    /// <returns>The version.</returns>
    public static int CheckFormat(JsonObjectReader root, string format, int oldest, int latest)
    {
        root.OneOf("format", format);
        return root.Integer("version", oldest, latest);
    }
}
