namespace ZenNas.Data.Tests;

/// <summary>What a user gets to read when something can't be used.</summary>
internal static class Sentence
{
    /// <summary>Runs what has to be refused and returns the one sentence that says why.</summary>
    public static string Of(Action refused)
    {
        var message = Assert.ThrowsAny<InvalidInputException>(refused).Message;
        Assert.InRange(message.Length, 10, 1000);
        Assert.DoesNotContain(message, char.IsControl);
        Assert.Contains("allowed", message, StringComparison.Ordinal);
        return message;
    }
}
