using System.Reflection;

namespace ZenNas.Cli.Clustered;

/// <summary>Version of this program, as runs and messages name it.</summary>
internal static class ProgramVersion
{
    public static string Current { get; } = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
