namespace ZenNas.Training.Lanes;

/// <summary>A step of one lane, with what its gradient needs to remember.</summary>
internal interface ILaneNode
{
    /// <summary>Computes the step's output.</summary>
    void Forward(Lane lane);

    /// <summary>Adds to the gradients of what the step read, writes those of its parameters, and drops its output.</summary>
    void Backward(Lane lane);
}
