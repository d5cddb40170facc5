using System.Globalization;

namespace ZenNas.Cluster.Working;

/// <summary>What the subject of a job says.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Run">The run that wants it.</param>
/// <param name="Job">Name of the job.</param>
/// <param name="Attempt">Number of the attempt, from 1.</param>
internal readonly record struct JobSubject(string Queue, string Run, string Job, int Attempt)
{
    /// <summary>Largest number of an attempt.</summary>
    public const int MostAttempt = 1000;

    /// <summary>Null where the subject isn't a job's.</summary>
    public static JobSubject? Parse(string subject) =>
        subject.StartsWith(Streams.JobSubjects, StringComparison.Ordinal)
        && subject[Streams.JobSubjects.Length..].Split('.') is [var queue, var run, var job, var number]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) && attempt is >= 1 and <= MostAttempt
        && Artefacts.IsName(run) && Artefacts.IsName(job)
            ? new JobSubject(queue, run, job, attempt)
            : null;
}
