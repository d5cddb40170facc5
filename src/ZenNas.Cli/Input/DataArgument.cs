using System.CommandLine;
using ZenNas.Data;

namespace ZenNas.Cli.Input;

/// <summary>Where pictures are.</summary>
internal static class DataArgument
{
    public static Option<string?> Option() => Options.Text(
        "--data", "Folder of CIFAR-10 or CIFAR-100 in their binary form, of MNIST or Fashion-MNIST, or of train/CLASS/*.jpg and val/CLASS/*.jpg. Required.", "DIR");

    /// <exception cref="InvalidInputException">It is missing.</exception>
    public static string Required(string? path) => path ?? throw new InvalidInputException("--data is missing; allowed is a folder of pictures, see 'zennas train --help'");

    /// <summary>The pictures' own size for a network that names none; null where the network names one.</summary>
    public static int? ResolutionFor(string network, DatasetPair data) =>
        network.Contains('(') && data.Training.Size is { } size ? size.Height : null;
}
