using System.Text;

namespace ZenNas.Cli.Input;

/// <summary>Reads files that users name, up to a size.</summary>
internal static class InputFile
{
    /// <exception cref="InvalidInputException">The file can't be read, is too large or isn't UTF-8 text.</exception>
    public static string Read(string path, int maxBytes)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var buffer = new byte[maxBytes + 1];
            var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return count <= maxBytes
                ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer, 0, count)
                : throw new InvalidInputException($"file '{Quantity.Shown(path)}' is too large; allowed are at most {maxBytes} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException or NotSupportedException)
        {
            var reason = e is DecoderFallbackException ? "it isn't UTF-8 text" : e.Message;
            throw new InvalidInputException($"file '{Quantity.Shown(path)}' can't be read: {reason}", e);
        }
    }
}
