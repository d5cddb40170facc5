using ZenNas.Latency;

namespace ZenNas.Cli.Input;

/// <summary>Reads latency profiles that users name.</summary>
internal static class ProfileArgument
{
    /// <exception cref="InvalidInputException">The file can't be read or is no profile.</exception>
    public static LatencyProfile Read(string path) => Parse(path, ReadText(path));

    /// <exception cref="InvalidInputException">The file can't be read or is too large.</exception>
    public static string ReadText(string path) => InputFile.Read(path, LatencyProfileJson.FileLimit);

    /// <exception cref="InvalidInputException">The text is no profile.</exception>
    public static LatencyProfile Parse(string path, string text)
    {
        try
        {
            return LatencyProfileJson.Parse(text);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException($"file '{Quantity.Shown(path)}': {e.Message}", e);
        }
    }

    /// <summary>Refuses a profile of another machine for what has to be measured here.</summary>
    /// <exception cref="InvalidInputException">The profile was made elsewhere.</exception>
    public static void CheckMachine(string path, LatencyProfile profile)
    {
        if (!profile.Machine.IsLike(Machine.Current))
        {
            throw new InvalidInputException(
                $"file '{Quantity.Shown(path)}' is of {profile.Machine}, this machine is {Machine.Current}; allowed is a profile of the machine that measures");
        }
    }
}
