"""A certificate authority for one test, and a certificate of it for localhost."""
import datetime
import ipaddress
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject, issuer, public_key, signer, ca):
    start = datetime.datetime(2020, 1, 1)
    builder = (x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(public_key)
               .serial_number(x509.random_serial_number()).not_valid_before(start)
               .not_valid_after(start + datetime.timedelta(days=36500))
               .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True))
    if not ca:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(signer, hashes.SHA256())


def make(folder):
    """(CA file, certificate file, key file)"""
    folder = pathlib.Path(folder)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = certificate("test CA", "test CA", ca_key.public_key(), ca_key, True)
    leaf = certificate("localhost", "test CA", key.public_key(), ca_key, False)
    for file, content in (("ca.pem", ca.public_bytes(serialization.Encoding.PEM)),
                          ("leaf.pem", leaf.public_bytes(serialization.Encoding.PEM)),
                          ("leaf.key", key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                         serialization.NoEncryption()))):
        (folder / file).write_bytes(content)
    return folder / "ca.pem", folder / "leaf.pem", folder / "leaf.key"
