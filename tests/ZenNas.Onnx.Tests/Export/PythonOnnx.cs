using System.Diagnostics;

namespace ZenNas.Onnx.Tests.Export;

/// <summary>ONNX's own checker in the system's Python, where it is there.</summary>
internal static class PythonOnnx
{
    private const string Python = "/usr/bin/python3";

    private const string Check = """
        import onnx, sys
        model = onnx.load(sys.argv[1])
        onnx.checker.check_model(model, full_check=True)
        """;

    private static readonly Lazy<bool> Found = new(() => File.Exists(Python) && Run("import onnx").Code == 0);

    public static void SkipWithout() => Assert.SkipUnless(Found.Value, $"needs Debian's python3-onnx for {Python}");

    /// <summary>What the checker has against a file; empty where it has nothing.</summary>
    public static string Complaint(string file)
    {
        var (code, error) = Run(Check, file);
        return code == 0 ? "" : $"exit code {code}: {error}";
    }

    private static (int Code, string Error) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", .. arguments]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
