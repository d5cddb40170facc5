namespace ZenNas.Training.Recipes;

/// <summary>Learning rate by step: a linear rise from 0, then half a cosine down to 0.</summary>
public sealed class LearningRateSchedule
{
    private readonly double _highest;
    private readonly double _warmUpSteps;
    private readonly double _steps;

    /// <param name="recipe">Rate, warm-up and length; a warm-up longer than the training ends with it.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch, at least 1.</param>
    public LearningRateSchedule(Recipe recipe, int stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsPerEpoch, 1);
        _highest = recipe.LearningRate * recipe.Batch / Recipe.ReferenceBatch;
        _steps = (double)recipe.Epochs * stepsPerEpoch;
        _warmUpSteps = Math.Min(recipe.WarmUpEpochs * stepsPerEpoch, _steps);
    }

    /// <summary>The rate of a step.</summary>
    /// <param name="step">Step from 0.</param>
    public double At(long step) => step < _warmUpSteps
        ? _highest * (step + 1) / (_warmUpSteps + 1)
        : _highest * (1 + Math.Cos(Math.PI * (step - _warmUpSteps) / Math.Max(1, _steps - _warmUpSteps))) / 2;
}
