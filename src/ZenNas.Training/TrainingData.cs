using ZenNas.Data;
using ZenNas.Data.Loading;

namespace ZenNas.Training;

/// <summary>From a plan and its pictures to batches.</summary>
internal static class TrainingData
{
    /// <summary>Whether pictures and recipe suit the network.</summary>
    /// <exception cref="InvalidInputException">They don't.</exception>
    public static void Check(TrainingPlan plan, DatasetPair data)
    {
        if (plan.Architecture.Classes != data.Training.ClassNames.Length)
        {
            throw new InvalidInputException($"the network has {plan.Architecture.Classes} classes; allowed are the {data.Training.ClassNames.Length} of {data.Training.Name}");
        }

        if (plan.Recipe.Batch > data.Training.Count)
        {
            throw new InvalidInputException($"batch is {plan.Recipe.Batch}; allowed are at most the {data.Training.Count} training pictures of {data.Training.Name}");
        }

        if (plan.Recipe.Batch == 1)
        {
            throw new InvalidInputException("batch is 1; allowed are at least 2 pictures, as batch normalisation compares them");
        }

        _ = Loaders(plan, data, workers: 1);
    }

    /// <summary>Loaders of training and test pictures.</summary>
    public static (BatchLoader Training, BatchLoader Test) Loaders(TrainingPlan plan, DatasetPair data, int workers)
    {
        var augmentation = plan.Recipe.Augmentation.For(plan.Architecture.Resolution);
        var settings = new BatchLoaderSettings
        {
            InputChannels = plan.Architecture.InputChannels,
            BatchSize = plan.Recipe.Batch,
            Seed = plan.Seed,
            Workers = workers,
            MixupAlpha = plan.Recipe.Mixup,
            BrokenPictures = plan.BrokenPictures,
        };
        return (new BatchLoader(data.Training, augmentation, data.Statistics, settings), new BatchLoader(data.Test, augmentation, data.Statistics, settings));
    }
}
