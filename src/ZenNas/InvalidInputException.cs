namespace ZenNas;

/// <summary>
/// What a user gave can't be used. The message is one sentence that names the place, the value met and what is allowed;
/// programs show it as it is and exit with code 2.
/// </summary>
public class InvalidInputException : Exception
{
    /// <summary>Creates the exception with a sentence meant for the user.</summary>
    public InvalidInputException(string message) : base(message) { }

    /// <summary>Creates the exception with a sentence meant for the user and what caused it.</summary>
    public InvalidInputException(string message, Exception innerException) : base(message, innerException) { }
}
