using System.Collections.Immutable;
using ZenNas.Architectures;
using ZenNas.Torch;
using ZenNas.Training.Recipes;
using ZenNas.Training.Teachers;
using static TorchSharp.torch;

namespace ZenNas.Training;

/// <summary>
/// Losses that come from a teacher: cross-entropy with its softened probabilities (Hinton et al., 2015), and the smooth L1 difference of feature
/// maps after a 1×1 convolution (Romero et al., 2015), at the first blocks that reach downsampling 16 and 32.
/// </summary>
internal sealed class Distillation
{
    private readonly ITeacher _teacher;
    private readonly DistillationRecipe _recipe;
    private readonly ImmutableArray<(BlockEnd End, int Map)> _pairs;

    /// <param name="teacher">The teacher; stays the caller's.</param>
    /// <param name="recipe">Weights of the losses.</param>
    /// <param name="student">Who learns.</param>
    /// <exception cref="InvalidInputException">The teacher has another number of classes.</exception>
    public Distillation(ITeacher teacher, DistillationRecipe recipe, Network student)
    {
        if (teacher.Classes != student.Architecture.Classes)
        {
            throw new InvalidInputException($"the teacher has {teacher.Classes} classes; allowed are the {student.Architecture.Classes} of the data");
        }

        (_teacher, _recipe) = (teacher, recipe);
        _pairs = recipe.Features == 0
            ? []
            : [.. BlockEnds.Of(student)
                .Select(end => (end, Map: teacher.Maps.Select((map, i) => (map, i)).Where(m => m.map.Stride == end.Stride).Select(m => m.i).FirstOrDefault(-1)))
                .Where(pair => pair.Map >= 0)];
    }

    /// <summary>Layers of the student whose outputs are compared.</summary>
    public ImmutableArray<int> StudentLayers => [.. _pairs.Select(pair => pair.End.Layer)];

    /// <summary>The 1×1 convolutions between the maps, in the order of <see cref="StudentLayers"/>.</summary>
    public ImmutableArray<Projection> Projections(ulong seed) =>
        [.. _pairs.Select((pair, i) => new Projection(pair.End.Channels, _teacher.Maps[pair.Map].Channels, seed + (ulong)i))];

    /// <summary>The teacher's part of the loss.</summary>
    /// <param name="images">What the student saw.</param>
    /// <param name="logits">What it says.</param>
    /// <param name="features">Its maps, for <see cref="StudentLayers"/>.</param>
    /// <param name="projections">Weights of the 1×1 convolutions as (out, 1, 1, in).</param>
    public Tensor Loss(Tensor images, Tensor logits, Tensor[] features, IReadOnlyList<Tensor> projections)
    {
        TeacherOutput taught;
        using (no_grad())
        {
            taught = _teacher.Run(images);
        }

        // The gradient of softened probabilities shrinks with the square of the temperature.
        var (inverse, weight) = (1 / _recipe.Temperature, _recipe.SoftLabels * _recipe.Temperature * _recipe.Temperature);
        var loss = nn.functional.cross_entropy(logits.Times(inverse), taught.Logits.Times(inverse).softmax(1)).Times(weight);
        for (var i = 0; i < _pairs.Length; i++)
        {
            var map = features[i].to_type(ScalarType.Float32);
            var projected = nn.functional.conv2d(map, projections[i].permute(0, 3, 1, 2));
            var target = nn.functional.adaptive_avg_pool2d(taught.Maps[_pairs[i].Map], [map.shape[2], map.shape[3]]);
            loss = loss.Plus(nn.functional.smooth_l1_loss(projected, target).Times(_recipe.Features));
        }

        return loss;
    }
}
