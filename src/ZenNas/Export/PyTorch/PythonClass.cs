using System.Collections.Immutable;

namespace ZenNas.Export.PyTorch;

/// <summary>
/// A class of the exported source. Attributes are called as the last parts of layer names, in the order of the layers, so that the tensors of
/// a <c>state_dict()</c> get the names that files of weights have.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Template">Its text, for <see cref="PythonTemplate"/>.</param>
internal sealed record PythonClass(string Name, string Template)
{
    public static readonly PythonClass Projection = new("Projection", """"
        class Projection(nn.Module):
            """1×1 convolution{?BatchNorm: and batch normalisation} on the shortcut of a unit."""

            def __init__(self, in_chs, out_chs, stride):
                super().__init__()
                self.conv1 = conv(in_chs, out_chs, 1, stride)
                {?BatchNorm:self.bn1 = norm(out_chs)}

            def forward(self, x):
                {?BatchNorm:return self.bn1(self.conv1(x))}
                {!BatchNorm:return self.conv1(x)}
        """");

    /// <summary>The released networks' projection, whose convolution has a bias before its batch normalisation too.</summary>
    public static readonly PythonClass BiasedProjection = new("BiasedProjection", """"
        class BiasedProjection(nn.Module):
            """1×1 convolution with a bias and batch normalisation on the shortcut of a unit."""

            def __init__(self, in_chs, out_chs, stride):
                super().__init__()
                self.conv1 = nn.Conv2d(in_chs, out_chs, 1, stride)
                self.bn1 = norm(out_chs)

            def forward(self, x):
                return self.bn1(self.conv1(x))
        """");

    public static readonly PythonClass SqueezeExcitation = new("SqueezeExcitation", """"
        class SqueezeExcitation(nn.Module):
            """Multiplies each channel by a factor between 0 and 1, which follows from the means of all channels."""

            def __init__(self, chs, squeezed):
                super().__init__()
                self.conv1 = nn.Conv2d(chs, squeezed, 1)
                self.conv2 = nn.Conv2d(squeezed, chs, 1)

            def forward(self, x):
                y = x.mean(dim=(2, 3), keepdim=True)
                y = F.relu(self.conv1(y))
                return x * torch.sigmoid(self.conv2(y))
        """");

    /// <summary>The released networks' squeeze-and-excitation, with batch normalisations in place of biases.</summary>
    public static readonly PythonClass NormedSqueezeExcitation = new("NormedSqueezeExcitation", """"
        class NormedSqueezeExcitation(nn.Module):
            """Multiplies each channel by a factor between 0 and 1, which follows from the means of all channels."""

            def __init__(self, chs, squeezed):
                super().__init__()
                self.conv1 = conv(chs, squeezed, 1)
                self.bn1 = norm(squeezed)
                self.conv2 = conv(squeezed, chs, 1)
                self.bn2 = norm(chs)

            def forward(self, x):
                y = x.mean(dim=(2, 3), keepdim=True)
                y = F.relu(self.bn1(self.conv1(y)))
                return x * torch.sigmoid(self.bn2(self.conv2(y)))
        """");

    public static readonly PythonClass ConvUnit = new("ConvUnit", """"
        class ConvUnit(nn.Module):
            """Convolution{?BatchNorm:, batch normalisation}, ReLU."""

            def __init__(self, in_chs, out_chs, kernel, stride=1):
                super().__init__()
                self.conv1 = conv(in_chs, out_chs, kernel, stride)
                {?BatchNorm:self.bn1 = norm(out_chs)}

            def forward(self, x):
                {?BatchNorm:return F.relu(self.bn1(self.conv1(x)))}
                {!BatchNorm:return F.relu(self.conv1(x))}
        """");

    public static readonly PythonClass BasicResidual = new("BasicResidual", """"
        class BasicResidual(nn.Module):
            """Two k×k convolutions; the shortcut is added before the last ReLU."""

            def __init__(self, in_chs, mid_chs, out_chs, kernel, stride=1{?Excitation:, se=nn.Identity}, shortcut=nn.Identity):
                super().__init__()
                self.conv1 = conv(in_chs, mid_chs, kernel, stride)
                {?BatchNorm:self.bn1 = norm(mid_chs)}
                {?Excitation:self.se = se(mid_chs)}
                self.conv2 = conv(mid_chs, out_chs, kernel)
                {?BatchNorm:self.bn2 = norm(out_chs)}
                self.shortcut = shortcut(in_chs, out_chs, stride)

            def forward(self, x):
                {?BatchNorm:y = F.relu(self.bn1(self.conv1(x)))}
                {!BatchNorm:y = F.relu(self.conv1(x))}
                {?Excitation:y = self.se(y)}
                {?BatchNorm:y = self.bn2(self.conv2(y))}
                {!BatchNorm:y = self.conv2(y)}
                return F.relu(y + self.shortcut(x))
        """");

    public static readonly PythonClass Bottleneck = new("Bottleneck", """"
        class Bottleneck(nn.Module):
            """1×1, k×k and 1×1 convolution; the shortcut is added before the last ReLU."""

            def __init__(self, in_chs, mid_chs, out_chs, kernel, stride=1{?Groups:, groups=1}{?Excitation:, se=nn.Identity}, shortcut=nn.Identity):
                super().__init__()
                self.conv1 = conv(in_chs, mid_chs, 1)
                {?BatchNorm:self.bn1 = norm(mid_chs)}
                self.conv2 = conv(mid_chs, mid_chs, kernel, stride{?Groups:, groups})
                {?BatchNorm:self.bn2 = norm(mid_chs)}
                {?Excitation:self.se = se(mid_chs)}
                self.conv3 = conv(mid_chs, out_chs, 1)
                {?BatchNorm:self.bn3 = norm(out_chs)}
                self.shortcut = shortcut(in_chs, out_chs, stride)

        """" + ForwardOfThree);

    public static readonly PythonClass InvertedBottleneck = new("InvertedBottleneck", """"
        class InvertedBottleneck(nn.Module):
            """1×1, depthwise k×k and 1×1 convolution; the shortcut is added before the last ReLU."""

            def __init__(self, in_chs, mid_chs, out_chs, kernel, stride=1{?Excitation:, se=nn.Identity}, shortcut=nn.Identity):
                super().__init__()
                self.conv1 = conv(in_chs, mid_chs, 1)
                {?BatchNorm:self.bn1 = norm(mid_chs)}
                self.conv2 = conv(mid_chs, mid_chs, kernel, stride, groups=mid_chs)
                {?BatchNorm:self.bn2 = norm(mid_chs)}
                {?Excitation:self.se = se(mid_chs)}
                self.conv3 = conv(mid_chs, out_chs, 1)
                {?BatchNorm:self.bn3 = norm(out_chs)}
                self.shortcut = shortcut(in_chs, out_chs, stride)

        """" + ForwardOfThree);

    /// <summary>All, each behind those that it needs.</summary>
    public static readonly ImmutableArray<PythonClass> All =
        [Projection, BiasedProjection, SqueezeExcitation, NormedSqueezeExcitation, ConvUnit, BasicResidual, Bottleneck, InvertedBottleneck];

    private const string ForwardOfThree = """"

            def forward(self, x):
                {?BatchNorm:y = F.relu(self.bn1(self.conv1(x)))}
                {!BatchNorm:y = F.relu(self.conv1(x))}
                {?BatchNorm:y = F.relu(self.bn2(self.conv2(y)))}
                {!BatchNorm:y = F.relu(self.conv2(y))}
                {?Excitation:y = self.se(y)}
                {?BatchNorm:y = self.bn3(self.conv3(y))}
                {!BatchNorm:y = self.conv3(y)}
                return F.relu(y + self.shortcut(x))
        """";
}
