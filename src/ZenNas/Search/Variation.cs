using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Spaces;

namespace ZenNas.Search;

/// <summary>How a search step makes a new architecture out of the population. Stays within the space; keeps stage strides.</summary>
public abstract class Variation
{
    private const int MostDraws = 1000;

    private readonly ConstraintCheck _constraints;
    private readonly ConstraintRepair _repair;

    private protected Variation(SearchSpace space, SpaceLayout layout) => (Space, Layout, _constraints, _repair) = (space, layout, new ConstraintCheck(space, layout), new ConstraintRepair(space, layout));

    /// <summary>Names of all presets, the default first.</summary>
    public static ImmutableArray<string> Presets { get; } =
        [PairVariation.PresetName, PaperVariation.PresetName, ReleasedCodeVariation.PresetName];

    /// <summary>Name of the preset.</summary>
    public abstract string Name { get; }

    private protected SearchSpace Space { get; }

    private protected SpaceLayout Layout { get; }

    /// <summary>Creates a preset by name: one of <see cref="Presets"/>.</summary>
    /// <exception cref="InvalidInputException">There is no such preset.</exception>
    public static Variation Create(string preset, SearchSpace space, SpaceLayout layout) => preset switch
    {
        PairVariation.PresetName => new PairVariation(space, layout),
        PaperVariation.PresetName => new PaperVariation(space, layout),
        ReleasedCodeVariation.PresetName => new ReleasedCodeVariation(space, layout),
        _ => throw new InvalidInputException($"preset is '{preset}'; allowed is one of {string.Join(", ", Presets)}"),
    };

    /// <summary>Proposes an architecture: draws until one, repaired where need be, keeps to the space's constraints; a member of the population where none does.</summary>
    /// <param name="population">Current population, not empty, in a fixed order.</param>
    /// <param name="initial">The network the search started from.</param>
    /// <param name="random">The step's random numbers.</param>
    public Architecture Propose(IReadOnlyList<Candidate> population, Architecture initial, ref StepRandom random)
    {
        ArgumentNullException.ThrowIfNull(population);
        for (var left = MostDraws; left > 0; left--)
        {
            var drawn = Draw(population, initial, ref random);
            if (_constraints.Allows(drawn))
            {
                return drawn;
            }

            var repaired = _repair.Repaired(drawn, forward: random.Next(2) == 0);
            if (_constraints.Allows(repaired))
            {
                return repaired;
            }
        }

        return population[0].Architecture;
    }

    private protected abstract Architecture Draw(IReadOnlyList<Candidate> population, Architecture initial, ref StepRandom random);

    /// <summary>Whether a block has anything to vary: a residual block, or a convolution with more than one allowed width.</summary>
    private protected bool CanVary(Architecture architecture, int index) =>
        architecture.Blocks[index] is ResidualBlock || WidthOf(index).Count > 1;

    /// <summary>Allowed widths of the block at a position.</summary>
    private protected IntRange WidthOf(int index) =>
        index == 0 ? Layout.Stem.Width : Layout.Head is { } head ? head.Width : Layout.Width;

    /// <summary>Chooses one of the blocks that can vary, uniformly.</summary>
    private protected int ChooseBlock(Architecture architecture, ref StepRandom random)
    {
        while (true)
        {
            var index = random.Next(architecture.Blocks.Length);
            if (CanVary(architecture, index))
            {
                return index;
            }
        }
    }

    /// <summary>A uniform allowed value within [0.5, 2] times the current one, the paper's mutation range.</summary>
    private protected static int DrawNear(IntRange range, int current, ref StepRandom random)
    {
        var near = range.Within(0.5 * current, 2.0 * current);
        return near.At(random.Next(near.Count));
    }
}
