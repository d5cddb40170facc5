using System.Runtime.Intrinsics.X86;
using System.Runtime.Versioning;

namespace ZenNas.Torch;

/// <summary>
/// Repairs what oneDNN believes about the processor's caches. Some virtual machines on AMD processors hide them (CPUID leaf 8000001D is
/// all 0); oneDNN 3.7 in libtorch 2.10 then takes three caches of 1 byte for real, divides by 0 in pointwise convolutions and
/// computes others wrong: of 1,000 random convolutions 13 channels-last and 179 channels-first ones, none after the repair.
/// </summary>
/// <remarks>
/// With no cache levels at all oneDNN falls back on sizes of its own, so the repair is to set their number to 0. It lives in a static
/// object that only the library's symbol table names; where that doesn't look exactly as expected, oneDNN is turned off, which is slow but right.
/// </remarks>
internal static unsafe class OneDnnCaches
{
    private const int CacheLeaf = unchecked((int)0x8000001D);
    private const int HighestExtendedLeaf = unchecked((int)0x80000000);

    // dnnl::impl::cpu::x64::cpu() and the Xbyak::util::Cpu object inside it.
    private const string Accessor = "_ZN4dnnl4impl3cpu3x643cpuEv";
    private const string Description = "_ZZN4dnnl4impl3cpu3x643cpuEvE4cpu_";

    // Members of that object, counted in 32-bit words.
    private const int CacheSizes = 7;
    private const int CacheLevels = 27;
    private const int LevelsOfAmd = 3;

    // (sets + 1)·(ways + 1)·(line size + 1) of a leaf of zeros.
    private const int HiddenSize = 1;

    /// <summary>Does nothing on processors that tell their caches.</summary>
    /// <param name="library">Path of libtorch_cpu.</param>
    /// <param name="context">The loaded library.</param>
    [SupportedOSPlatform("linux")]
    public static void Repair(string library, LibtorchContext context)
    {
        if (AreHidden() && !ForgetLevels(library, context))
        {
            context.TurnOffOneDnn();
        }
    }

    private static bool AreHidden()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(HighestExtendedLeaf, 0).Eax < unchecked((uint)CacheLeaf))
        {
            return false;
        }

        // "Auth" of AuthenticAMD; on Intel processors the leaf means nothing.
        const int StartOfAmd = 0x68747541;
        return X86Base.CpuId(0, 0).Ebx == StartOfAmd && X86Base.CpuId(CacheLeaf, 0) is (0, 0, 0, 0);
    }

    private static bool ForgetLevels(string library, LibtorchContext context)
    {
        var symbols = ElfSymbols.Find(library, Accessor, Description, LibtorchContext.GlobalContext);
        if (symbols.Count < 3)
        {
            return false;
        }

        var loadedAt = context.Address - (nint)symbols[LibtorchContext.GlobalContext];
        var accessor = (delegate* unmanaged<int*>)(loadedAt + (nint)symbols[Accessor]);
        var cpu = accessor();
        var isAsExpected = cpu == (int*)(loadedAt + (nint)symbols[Description])
            && cpu[CacheLevels] == LevelsOfAmd && new Span<int>(cpu + CacheSizes, LevelsOfAmd).IndexOfAnyExcept(HiddenSize) < 0;
        if (isAsExpected)
        {
            cpu[CacheLevels] = 0;
        }

        return isAsExpected;
    }
}
