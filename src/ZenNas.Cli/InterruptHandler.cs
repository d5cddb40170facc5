using System.Runtime.InteropServices;

namespace ZenNas.Cli;

/// <summary>Turns the first Ctrl-C or SIGTERM into a cancellation, so that a run saves itself; the second ends the process at once.</summary>
internal sealed class InterruptHandler : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    public InterruptHandler(CancellationTokenSource cancellation)
    {
        void Handle(PosixSignalContext context)
        {
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }
}
