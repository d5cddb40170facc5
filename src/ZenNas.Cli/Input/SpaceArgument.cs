using System.Security.Cryptography;
using System.Text;
using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Cli.Input;

/// <summary>Finds the search space that a user means: a built-in name or a file.</summary>
internal static class SpaceArgument
{
    private const int HashDigits = 12;

    /// <summary>Returns the space and the text it was read from.</summary>
    /// <exception cref="InvalidInputException">There is no such space.</exception>
    public static (SearchSpace Space, string Text) Resolve(string name)
    {
        if (SearchSpaceJson.BuiltinText(name) is { } builtin)
        {
            return (SearchSpaceJson.Parse(builtin), builtin);
        }

        if (name.Contains('\0') || !File.Exists(name))
        {
            throw new InvalidInputException(
                $"--space is '{Quantity.Shown(name)}'; allowed is {string.Join(", ", SearchSpaceJson.BuiltinNames)} or a space file ('zennas space residual' prints one)");
        }

        var text = InputFile.Read(name, Limits.FileSize);
        try
        {
            return (SearchSpaceJson.Parse(text), text);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"file '{Quantity.Shown(name)}': {e.Message}", e);
        }
    }

    /// <summary>
    /// What tells a space from all others: its name where it is built in, otherwise name and the beginning of its text's SHA-256, since files of one
    /// name may differ.
    /// </summary>
    public static string Identity(SearchSpace space, string text) => SearchSpaceJson.BuiltinText(space.Name) == text
        ? space.Name
        : $"{space.Name}@{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits]}";
}
