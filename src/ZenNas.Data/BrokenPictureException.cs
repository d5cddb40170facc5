namespace ZenNas.Data;

/// <summary>One picture of a dataset can't be read. The message is one sentence that names its file.</summary>
public sealed class BrokenPictureException : InvalidInputException
{
    /// <summary>Creates the exception with a sentence meant for the user.</summary>
    public BrokenPictureException(string message) : base(message) { }

    /// <summary>Creates the exception with a sentence meant for the user and what caused it.</summary>
    public BrokenPictureException(string message, Exception innerException) : base(message, innerException) { }
}
