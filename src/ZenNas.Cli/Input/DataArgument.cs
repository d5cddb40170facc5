using System.CommandLine;
using ZenNas.Data;
using ZenNas.Data.Loading;

namespace ZenNas.Cli.Input;

/// <summary>Where pictures are.</summary>
internal static class DataArgument
{
    private const string Skip = "skip";
    private const string Fatal = "fatal";

    public static Option<string?> Option() => Options.Text(
        "--data", "Folder of CIFAR-10 or CIFAR-100 in their binary form, of MNIST or Fashion-MNIST, or of train/CLASS/*.jpg and val/CLASS/*.jpg. Required.", "DIR");

    public static Option<string?> BrokenPictures() => Options.Choice("--broken-pictures", "What to do about pictures that can't be read. [default: fatal]", Fatal, Skip);

    public static BrokenPictureHandling ParseBrokenPictures(string? value) => value == Skip ? BrokenPictureHandling.Skip : BrokenPictureHandling.Fail;

    /// <exception cref="InvalidInputException">It is missing.</exception>
    public static string Required(string? path) => path ?? throw new InvalidInputException("--data is missing; allowed is a folder of pictures, see 'zennas train --help'");

    /// <summary>Resolution and classes for a network that names none: the pictures' own, or 224 where they differ in size.</summary>
    public static (int Resolution, int Classes) Defaults(IImageDataset data) => (data.Size?.Height ?? NetworkArgument.DefaultResolution, data.ClassNames.Length);
}
