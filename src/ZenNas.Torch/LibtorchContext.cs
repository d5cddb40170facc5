using System.Runtime.InteropServices;

namespace ZenNas.Torch;

/// <summary>Switches of libtorch that TorchSharp has no name for, by the mangled names of at::Context's methods.</summary>
internal sealed unsafe class LibtorchContext
{
    /// <summary>at::globalContext().</summary>
    public const string GlobalContext = "_ZN2at13globalContextEv";

    private const string SetNnpack = "_ZN2at7Context20setUserEnabledNNPACKEb";
    private const string SetOneDnn = "_ZN2at7Context20setUserEnabledMkldnnEb";

    private readonly nint _library;

    /// <param name="path">Path of libtorch_cpu, loaded already.</param>
    public LibtorchContext(string path) => _library = NativeLibrary.Load(path);

    /// <summary>Where at::globalContext was loaded.</summary>
    public nint Address => NativeLibrary.GetExport(_library, GlobalContext);

    /// <summary>
    /// NNPACK can't start on many processors; libtorch then tries again and writes a warning for every convolution it would have taken.
    /// </summary>
    public void TurnOffNnpack() => TurnOff(SetNnpack);

    public void TurnOffOneDnn() => TurnOff(SetOneDnn);

    private void TurnOff(string method)
    {
        var set = (delegate* unmanaged<nint, byte, void>)NativeLibrary.GetExport(_library, method);
        set(((delegate* unmanaged<nint>)Address)(), 0);
    }
}
