using System.CommandLine;
using ZenNas.Cluster.Messages;

namespace ZenNas.Cli.Input;

/// <summary>Names of classes of devices that measure alike, such as <c>pixel-8</c>.</summary>
internal static class DeviceClassArgument
{
    public static Option<string?> Option(string help) => new("--device-class")
    {
        Description = help,
        HelpName = "NAME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (JobKinds.IsDeviceClass(text))
            {
                return text;
            }

            result.AddError($"--device-class is '{Quantity.Shown(text)}'; allowed are 1 to 32 lower-case letters, digits and hyphens");
            return null;
        },
    };
}
