using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using ZenNas.Architectures;
using ZenNas.Search;

namespace ZenNas.Tests;

/// <summary>Rules that every type of the library keeps.</summary>
public sealed class PublicTypesTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] All = typeof(Architecture).Assembly.GetTypes();
    private static readonly Type[] Exported = typeof(Architecture).Assembly.GetExportedTypes();

    /// <summary>A search is a state machine, random numbers are a stream, a lowered network keeps its vanilla chain.</summary>
    private static readonly Type[] Mutable = [typeof(EvolutionarySearch), typeof(StepRandom), typeof(Network)];

    private static readonly string[] EmptyNames = ["Utils", "Util", "Utilities", "Helper", "Helpers", "Manager"];

    [Fact]
    public void Should_be_immutable_except_those_stated()
    {
        var changing = Exported.Where(t => t.GetFields(Declared).Any(f => !f.IsInitOnly && !f.IsLiteral && !t.IsEnum));
        Assert.Equal(Mutable.OrderBy(t => t.Name), changing.OrderBy(t => t.Name));
    }

    [Fact]
    public void Should_have_no_public_setter_but_init() => AssertNone(
        Exported.SelectMany(t => t.GetProperties(Declared)).Where(p => p.SetMethod is { IsPublic: true } set && !IsInit(set)));

    [Fact]
    public void Should_have_no_public_field_that_can_be_written() => AssertNone(
        Exported.SelectMany(t => t.GetFields(Declared)).Where(f => f is { IsPublic: true, IsInitOnly: false, IsLiteral: false, IsSpecialName: false }));

    [Fact]
    public void Should_hand_out_no_collection_that_can_be_written() => AssertNone(
        Exported.SelectMany(t => t.GetProperties(Declared)).Where(p => p.GetMethod is { IsPublic: true } && IsMutableCollection(p.PropertyType)));

    [Fact]
    public void Should_compare_the_elements_of_immutable_arrays()
    {
        // A record's generated equality compares such arrays by reference.
        var holders = Exported.Where(t => t.GetMethod("<Clone>$") is not null || (t.IsValueType && !t.IsEnum))
            .Where(t => t.GetProperties().Any(p => p.PropertyType.IsGenericType && p.PropertyType.GetGenericTypeDefinition() == typeof(ImmutableArray<>)))
            .ToArray();
        Assert.NotEmpty(holders);
        AssertNone(holders.Where(t => t.GetMethod(nameof(Equals), [t])!.IsDefined(typeof(CompilerGeneratedAttribute))));
    }

    [Fact]
    public void Should_be_named_after_what_they_are() => AssertNone(
        All.Where(t => EmptyNames.Any(w => t.Name.EndsWith(w, StringComparison.Ordinal))));

    private static bool IsInit(MethodInfo set) =>
        set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static bool IsMutableCollection(Type type) => type.IsArray
        || (type.IsGenericType && new[] { typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(IList<>), typeof(ICollection<>), typeof(ISet<>) }
            .Contains(type.GetGenericTypeDefinition()));

    private static void AssertNone(IEnumerable<MemberInfo> found) =>
        Assert.Empty(found.Select(m => m.DeclaringType is { } type ? $"{type.Name}.{m.Name}" : m.Name));
}
